-- What was answered about the person, and the hash of what was asked, which could be guessed. The key stays, so that a
-- repeat does not bring the person back: it is refused as one with another body.
UPDATE idempotency SET response = NULL, body_sha256 = 'erased'
WHERE location IN (
        SELECT CASE WHEN s.kind = 'task' THEN '/api/v1/tasks/' ELSE '/api/v1/calls/' END || s.id
        FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind IN ('request', 'task'))
    OR (POSITION('/api/v1/tasks/' IN scope) > 0
        AND SUBSTRING(scope FROM POSITION('/api/v1/tasks/' IN scope) + 14 FOR 36) IN (
            SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'task'))
