-- The calls of a work: those of its requests, and those with one of its numbers that nobody asked for here.
INSERT INTO privacy_subject (work_id, kind, id)
SELECT CAST(:#${variable.workId} AS VARCHAR), 'call', c.call_id
FROM (
    SELECT a.call_id FROM attempt a
    WHERE a.call_id IS NOT NULL
        AND a.request_id IN (
            SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'request')
    UNION
    SELECT p.call_id FROM phone_call p
    WHERE p.request_id IN (
        SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'request')
    UNION
    SELECT p.call_id FROM phone_call p
    WHERE p.request_id IS NULL AND p.direction = 'inbound'
        AND p.from_number IN (
            SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'number')
    UNION
    SELECT p.call_id FROM phone_call p
    WHERE p.request_id IS NULL AND COALESCE(p.direction, '') <> 'inbound'
        AND p.to_number IN (
            SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'number')
) c
ON CONFLICT DO NOTHING
