-- A key that was made of the person's number or contact_id can't stay. A number stands in it as a whole, not as a part of
-- a longer one; a contact_id may be any text, so it counts only where the answer was about the person.
DELETE FROM idempotency
WHERE EXISTS (
        SELECT 1 FROM privacy_subject s
        WHERE s.work_id = :#${variable.workId} AND s.kind = 'number' AND POSITION(s.id IN idempotency.idempotency_key) > 0
            AND SUBSTRING(idempotency.idempotency_key || ' '
                FROM POSITION(s.id IN idempotency.idempotency_key) + CHAR_LENGTH(s.id) FOR 1) NOT BETWEEN '0' AND '9')
    OR (location IN (
            SELECT CASE WHEN s.kind = 'task' THEN '/api/v1/tasks/' ELSE '/api/v1/calls/' END || s.id
            FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind IN ('request', 'task'))
        AND EXISTS (
            SELECT 1 FROM privacy_subject s
            WHERE s.work_id = :#${variable.workId} AND s.kind = 'contact'
                AND POSITION(s.id IN idempotency.idempotency_key) > 0))
