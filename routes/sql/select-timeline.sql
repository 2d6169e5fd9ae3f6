SELECT t.at, t.kind, t.state, t.attempt, t.call_id, t.actor, t.reason_code, t.reason_message, t.reason_rule, t.reason_until,
    t.detail
FROM timeline t
WHERE t.stream = :#${variable.requestId}
ORDER BY t.seq
