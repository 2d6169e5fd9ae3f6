-- What is still to be delivered about a person, or was given up; locked until the transaction ends.
SELECT o.id, o.kind, o.payload
FROM outbox o
WHERE o.state <> 'delivered' AND o.stream IN (
    SELECT s.id FROM privacy_subject s
    WHERE s.work_id = :#${variable.workId} AND s.kind IN ('request', 'call', 'task'))
ORDER BY o.id
FOR UPDATE
