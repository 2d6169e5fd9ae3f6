# The events that a Retell call object proves, as messages of the queue call-events, in Retell's order.
def event($name): {schema: "call-event/1", event: $name, call_id, payload_sha256: ("0" * 64), call: .};

[
  (select(.start_timestamp != null and .call_status != "not_connected") | event("call_started")),
  (select(.call_status == "registered") | event("call_registered")),
  (select(.call_status == "ended" or .call_status == "not_connected" or .call_status == "error") | event("call_ended")),
  (select((.call_status == "ended" or .call_status == "not_connected" or .call_status == "error") and .call_analysis != null)
    | event("call_analyzed"))
]
