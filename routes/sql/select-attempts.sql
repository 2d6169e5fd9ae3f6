-- The attempts of a request with the details of their calls.
SELECT a.no AS attempt, a.state, a.call_id, a.policy_row, a.outcome,
    COALESCE(c.disconnection_reason, a.disconnection_reason) AS disconnection_reason, c.duration_ms, c.cost_usd,
    a.refusal_code, a.refusal_message, a.dialing_at, a.dialed_at, a.started_at, a.ended_at, a.analyzed_at, c.summary,
    c.transcript, c.recording_url, c.user_sentiment, c.call_successful, c.in_voicemail, c.custom_analysis
FROM attempt a
LEFT JOIN phone_call c ON c.call_id = a.call_id
WHERE a.request_id = :#${variable.requestId}
ORDER BY a.no
