# The answer to Retell's inbound webhook (https://docs.retellai.com/features/inbound-call-webhook): what the agent should
# know of the caller, so that a return call knows the call that was missed. Dynamic variables are strings.
(variable("openTasksText") | fromjson) as $tasks
| {
    call_inbound: (
      if .request_id then {
        dynamic_variables: (
          (.dynamic_variables // "{}" | fromjson)
          + ({
              last_request_id: .request_id,
              last_call_id: .call_id,
              last_call_at: .called_at,
              last_call_state: .state,
              last_call_outcome: .outcome,
              last_call_missed: (if .called_at and .outcome
                then (.outcome == "not_reached" or .outcome == "voicemail") | tostring else null end),
              campaign: .campaign,
              open_tasks: ($tasks | map(.type) | unique | join(", ") | if . == "" then null else . end),
              next_call_at: ($tasks | map(select(.type == "reschedule-call") | .due_at) | first)
            }
            | with_entries(select(.value != null)))),
        metadata: ({last_request_id: .request_id, contact_id: .contact_id, traceparent: variable("traceparent")} | with_entries(select(.value != null)))
      } else {} end
    )
  }
| tojson
