-- What the outcome of a call is judged by, as far as any event has told.
SELECT c.disconnection_reason, c.duration_ms, c.in_voicemail, c.call_successful, c.direction, c.agent_id, c.call_status,
    c.user_sentiment, c.summary, c.custom_analysis
FROM phone_call c
WHERE c.call_id = :#${variable.callId}
