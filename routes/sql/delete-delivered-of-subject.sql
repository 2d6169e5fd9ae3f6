-- What was delivered is kept for a day only to be looked at.
DELETE FROM outbox
WHERE state = 'delivered' AND (
    stream IN (
        SELECT s.id FROM privacy_subject s
        WHERE s.work_id = :#${variable.workId} AND s.kind IN ('request', 'call', 'task'))
    OR sink = 'crm' AND EXISTS (
        SELECT 1 FROM privacy_subject s
        WHERE s.work_id = :#${variable.workId} AND s.kind = 'task' AND payload LIKE '%"task_id":"' || s.id || '"%'))
