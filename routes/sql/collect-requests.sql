-- The requests of the numbers and contacts of a work.
INSERT INTO privacy_subject (work_id, kind, id)
SELECT CAST(:#${variable.workId} AS VARCHAR), 'request', r.request_id
FROM request r
WHERE r.to_number IN (SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'number')
    OR r.contact_id IN (
        SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'contact')
ON CONFLICT DO NOTHING
