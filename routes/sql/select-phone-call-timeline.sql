-- What the timeline, of its request or its own, tells of a call.
SELECT t.at, t.kind, t.state, t.attempt, t.call_id, t.actor, t.reason_code, t.reason_message, t.reason_rule, t.reason_until,
    t.detail
FROM phone_call c
JOIN timeline t ON t.stream = COALESCE(c.request_id, c.call_id) AND t.call_id = c.call_id
WHERE c.call_id = :#${variable.callId}
ORDER BY t.seq
