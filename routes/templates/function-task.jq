# The body of a custom function's task. Whose call it is stands in what Retell signed, never in the arguments. Of those a
# language model may make anything, and an opt-out must not be lost over them: it takes what it can use and no more.
def text($length): if type == "string" and . != "" then gsub("\u0000"; "") | .[0:$length] else null end;

variable("taskType") as $type
| (.args // {}) as $args
| if $type == "incoming-call" then $args + {from_number: .call.from_number, to_number: .call.to_number}
  elif $type == "do-not-call" then
    {reason: ($args.reason | text(256)), until: variable("optOutEnd")} | with_entries(select(.value != null and .value != ""))
  else $args end
| del(.request_id)
| .call_id = variable("callId")
| tojson
