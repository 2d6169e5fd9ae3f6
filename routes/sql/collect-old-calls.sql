-- Some calls that nobody asked for here, and that ended long enough ago.
INSERT INTO privacy_subject (work_id, kind, id)
SELECT CAST(:#${variable.workId} AS VARCHAR), 'call', o.call_id
FROM (
    SELECT c.call_id FROM phone_call c
    WHERE c.request_id IS NULL AND c.erased_at IS NULL AND c.analyzed_at IS NOT NULL
        AND c.created_at <= :#${variable.calledBefore}
    ORDER BY c.created_at
    LIMIT 100) o
ON CONFLICT DO NOTHING
