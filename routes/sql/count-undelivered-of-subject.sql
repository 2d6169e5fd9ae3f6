-- What the warehouse has still to be told about a person; parked is what it refused.
SELECT COUNT(*) AS waiting, COALESCE(SUM(CASE WHEN o.state = 'parked' THEN 1 ELSE 0 END), 0) AS parked
FROM outbox o
WHERE o.sink = 'warehouse' AND o.state <> 'delivered' AND o.stream IN (
    SELECT COALESCE(c.request_id, t.request_id, s.id)
    FROM privacy_subject s
    LEFT JOIN phone_call c ON s.kind = 'call' AND c.call_id = s.id
    LEFT JOIN task t ON s.kind = 'task' AND t.task_id = s.id
    WHERE s.work_id = :#${variable.workId} AND s.kind IN ('request', 'call', 'task'))
