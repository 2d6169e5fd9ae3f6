-- A key that was made of the person's number or contact_id can't stay. A number stands in it as a whole, with or without
-- its plus, not as a part of a longer one; a contact_id may be any text, so it counts only where the answer was about the
-- person.
DELETE FROM idempotency
WHERE EXISTS (
        SELECT 1 FROM privacy_subject s
        WHERE s.work_id = :#${variable.workId} AND s.kind = 'number'
            AND POSITION(SUBSTRING(s.id FROM 2) IN idempotency_key) > 0
            AND SUBSTRING(' ' || idempotency_key FROM POSITION(SUBSTRING(s.id FROM 2) IN idempotency_key) FOR 1)
                NOT BETWEEN '0' AND '9'
            AND SUBSTRING(idempotency_key || ' '
                FROM POSITION(SUBSTRING(s.id FROM 2) IN idempotency_key) + CHAR_LENGTH(s.id) - 1 FOR 1)
                NOT BETWEEN '0' AND '9')
    OR (location IN (
            SELECT CASE WHEN s.kind = 'task' THEN '/api/v1/tasks/' ELSE '/api/v1/calls/' END || s.id
            FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind IN ('request', 'task'))
        AND EXISTS (
            SELECT 1 FROM privacy_subject s
            WHERE s.work_id = :#${variable.workId} AND s.kind = 'contact' AND POSITION(s.id IN idempotency_key) > 0))
