-- What an activity event tells about a request and one of its attempts: no number, no transcript.
SELECT r.request_id, r.contact_id, r.campaign, r.metadata, r.state,
    CASE WHEN r.state IN ('done', 'cancelled', 'expired', 'rejected') THEN TRUE ELSE FALSE END AS is_final,
    r.reason_code, r.reason_message, r.reason_rule, r.reason_until, a.no AS attempt, a.call_id,
    COALESCE(a.outcome, r.outcome) AS outcome, COALESCE(c.disconnection_reason, a.disconnection_reason) AS disconnection_reason,
    c.duration_ms, c.cost_usd
FROM request r
LEFT JOIN attempt a ON a.request_id = r.request_id AND a.no = CAST(:#${variable.attempt} AS INTEGER)
LEFT JOIN phone_call c ON c.call_id = a.call_id
WHERE r.request_id = :#${variable.requestId}
