# The events that a Retell call object proves, as messages of the queue call-events, in Retell's order, without what the
# forwarder drops too. With the variable overdue, the call is closed with what is known of it.
def event($name): {schema: "call-event/1", event: $name, call_id, payload_sha256: ("0" * 64), call: .};

((variable("overdue") | tostring) == "true") as $overdue
| (.call_status == "ended" or .call_status == "not_connected" or .call_status == "error") as $ended
| del(.transcript_object, .transcript_with_tool_calls, .scrubbed_transcript_with_tool_calls, .latency, .llm_token_usage,
    .knowledge_base_retrieved_contents_url, .public_log_url)
| [
    (select(.call_status == "ongoing" or (.call_status != "not_connected" and .start_timestamp != null and (.duration_ms // 0) > 0))
      | event("call_started")),
    (select(.call_status == "registered") | event("call_registered")),
    (select($ended or $overdue) | event("call_ended")),
    (select($ended and .call_analysis != null or $overdue) | event("call_analyzed"))
  ]
