# The body of a custom function's task. Whose call it is stands in what Retell signed, never in the arguments, which a
# language model wrote: what names a person or a call there is left out, and so is what it left empty.
def text($length): if type == "number" or type == "boolean" then tostring else . end
  | if type == "string" then gsub("[\u0000-\u001f\u007f]"; " ") | .[0:$length] | select(test("\\S")) else null end;

variable("taskType") as $type
| (.args // {} | del(.request_id, .call_id, .contact_id, .to_number, .from_number, .number, .agent_id)
    | with_entries(select(.value != null and .value != ""))) as $args
| if $type == "incoming-call" then $args + {from_number: .call.from_number, to_number: .call.to_number}
  # An opt-out must not be lost over its arguments: it takes what it can use and no more.
  elif $type == "do-not-call" then {reason: $args.reason, until: variable("optOutEnd")}
  # Names that the agents' function definitions often have.
  elif $type == "reschedule-call" then
    ($args | del(.callback_time)) + {not_before: ($args.not_before // $args.callback_time)}
  elif $type == "field-writeback"
    and ($args | (has("fields") | not) and (.field | type) == "string" and has("value")) then
    ($args | del(.field, .value, .confidence)) + {fields: {($args.field): $args.value}}
  else $args end
| .reason = (.reason | text(256))
| with_entries(select(.value != null and .value != ""))
| .call_id = variable("callId")
