# The id of the tool call that a custom function was sent for: of those in the transcript that wait for their result,
# the one with these arguments, else the last of this name. Null where the transcript does not tell.
def texts: if type == "string" and length > 0 and length <= 128 then . else null end;
def parsed: if type == "string" then fromjson? // null else . end;

.name as $name | .args as $args
| [.call.transcript_with_tool_calls | arrays | .[] | objects] as $entries
| [$entries[] | select(.role == "tool_call_result") | .tool_call_id] as $answered
| [$entries[]
    | select(.role == "tool_call_invocation" and (.tool_call_id | texts) != null and (.name // $name) == $name)
    | select(.tool_call_id as $id | $answered | index([$id]) == null)] as $waiting
| ([$waiting[] | select((.arguments | parsed) == $args)] | last) // ($waiting | last)
| if . then .tool_call_id else null end
