-- The streams in which the warehouse was told of a person, with the call where it is one's own: a call of a request is in
-- the request's, a task that is about a request too.
SELECT s.kind, s.id, COALESCE(c.request_id, a.request_id, t.request_id, s.id) AS stream
FROM privacy_subject s
LEFT JOIN phone_call c ON s.kind = 'call' AND c.call_id = s.id
LEFT JOIN (SELECT call_id, MIN(request_id) AS request_id FROM attempt GROUP BY call_id) a
    ON s.kind = 'call' AND a.call_id = s.id
LEFT JOIN task t ON s.kind = 'task' AND t.task_id = s.id
WHERE s.work_id = :#${variable.workId} AND s.kind IN ('request', 'call', 'task')
ORDER BY s.kind, s.id
