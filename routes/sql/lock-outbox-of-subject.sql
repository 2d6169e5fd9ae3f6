-- What is still to be delivered about a person, or was given up; locked until the transaction ends. The stream of a push to
-- the CRM is the contact's: it is known by the task in it.
SELECT o.id, o.kind, o.payload
FROM outbox o
WHERE o.state <> 'delivered' AND (
    o.stream IN (
        SELECT s.id FROM privacy_subject s
        WHERE s.work_id = :#${variable.workId} AND s.kind IN ('request', 'call', 'task'))
    OR o.sink = 'crm' AND EXISTS (
        SELECT 1 FROM privacy_subject s
        WHERE s.work_id = :#${variable.workId} AND s.kind = 'task' AND o.payload LIKE '%"task_id":"' || s.id || '"%'))
ORDER BY o.id
FOR UPDATE
