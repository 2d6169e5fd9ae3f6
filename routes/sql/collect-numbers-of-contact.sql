-- The numbers of the contacts of a work, without those that calls to another contact went to as well.
INSERT INTO privacy_subject (work_id, kind, id)
SELECT DISTINCT CAST(:#${variable.workId} AS VARCHAR), 'number', r.to_number
FROM request r
WHERE r.to_number IS NOT NULL
    AND r.contact_id IN (
        SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'contact')
    AND NOT EXISTS (
        SELECT 1 FROM request o
        WHERE o.to_number = r.to_number AND o.contact_id NOT IN (
            SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'contact'))
ON CONFLICT DO NOTHING
