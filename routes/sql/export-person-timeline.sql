-- The timelines of the requests, and of the calls and tasks that belong to no request.
SELECT t.stream, t.at, t.kind, t.state, t.attempt, t.call_id, t.actor, t.reason_code, t.reason_message, t.reason_rule,
    t.reason_until, t.detail
FROM timeline t
JOIN privacy_subject s
    ON s.work_id = :#${variable.workId} AND s.kind IN ('request', 'call', 'task') AND s.id = t.stream
ORDER BY t.stream, t.seq
