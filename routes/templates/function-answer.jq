# What the agent is told about its custom function: what was done, and a sentence to speak. A task type may have its own
# sentence as `speak` in its result.
{
  result: "done",
  task_id,
  speak: (.result.speak? // "That is noted.")
}
+ (if .type == "reschedule-call" then {
    result: "rescheduled",
    not_before: .result.not_before,
    speak: ((if .result.moved_from then "I can not have you called at that time. " else "" end)
      + "I have arranged another call for you on " + .result.local_time + ".")
  } elif .type == "do-not-call" then {
    speak: (if .fields.until then "You will not be called again until then." else "You will not be called again." end)
  } else {} end)
| tojson
