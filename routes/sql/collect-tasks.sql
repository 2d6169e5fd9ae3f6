-- The tasks of a work: those about its requests, calls and contacts, and those with one of its numbers in their fields.
INSERT INTO privacy_subject (work_id, kind, id)
SELECT CAST(:#${variable.workId} AS VARCHAR), 'task', t.task_id
FROM task t
WHERE t.request_id IN (SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'request')
    OR t.created_request_id IN (
        SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'request')
    OR t.call_id IN (SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'call')
    OR t.contact_id IN (
        SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'contact')
    OR EXISTS (
        SELECT 1 FROM privacy_subject s
        WHERE s.work_id = :#${variable.workId} AND s.kind = 'number' AND POSITION('"' || s.id || '"' IN t.fields) > 0)
ON CONFLICT DO NOTHING
