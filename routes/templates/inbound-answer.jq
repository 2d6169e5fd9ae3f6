# The answer to Retell's inbound webhook (https://docs.retellai.com/features/inbound-call-webhook): what the agent should
# know of the caller. Dynamic variables are strings.
{
  call_inbound: (
    if .request_id then {
      dynamic_variables: (
        (.dynamic_variables // "{}" | fromjson)
        + ({last_request_id: .request_id, last_call_state: .state, last_call_outcome: .outcome, campaign: .campaign}
          | with_entries(select(.value != null)))),
      metadata: ({last_request_id: .request_id, contact_id: .contact_id} | with_entries(select(.value != null)))
    } else {} end
  )
}
| tojson
