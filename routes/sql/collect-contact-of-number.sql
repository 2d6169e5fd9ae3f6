-- The contact behind the numbers of a work, where it is a single one: of several nobody can say which is meant.
INSERT INTO privacy_subject (work_id, kind, id)
SELECT CAST(:#${variable.workId} AS VARCHAR), 'contact', MIN(r.contact_id)
FROM request r
WHERE r.contact_id IS NOT NULL
    AND r.to_number IN (SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'number')
HAVING COUNT(DISTINCT r.contact_id) = 1
ON CONFLICT DO NOTHING
