-- The warehouse row of an attempt with the details of its call.
SELECT a.request_id, a.no AS attempt, a.version, a.state, a.call_id, a.policy_row, a.outcome,
    COALESCE(c.disconnection_reason, a.disconnection_reason) AS disconnection_reason, c.duration_ms, c.cost_usd,
    a.refusal_code, a.dialing_at, a.dialed_at, a.started_at, a.ended_at, a.analyzed_at, a.updated_at, c.transcript, c.summary,
    c.user_sentiment, c.call_successful, c.in_voicemail, c.custom_analysis, c.recording_url
FROM attempt a
LEFT JOIN phone_call c ON c.call_id = a.call_id
WHERE a.request_id = :#${variable.requestId} AND a.no = CAST(:#${variable.attempt} AS INTEGER)
