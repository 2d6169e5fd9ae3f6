-- The requests of a work, locked until the transaction ends.
SELECT r.request_id, r.state, r.next_attempt
FROM request r
WHERE r.request_id IN (SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'request')
ORDER BY r.request_id
FOR UPDATE
