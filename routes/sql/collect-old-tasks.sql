-- Some tasks that belong to no request, and that nobody has touched for long enough. An erasure names nobody.
INSERT INTO privacy_subject (work_id, kind, id)
SELECT CAST(:#${variable.workId} AS VARCHAR), 'task', o.task_id
FROM (
    SELECT t.task_id FROM task t
    WHERE t.request_id IS NULL AND t.updated_at <= :#${variable.calledBefore} AND t.type <> 'erasure'
        AND (t.contact_id IS NOT NULL OR t.fields IS NOT NULL OR t.result IS NOT NULL OR t.reason IS NOT NULL)
    ORDER BY t.updated_at
    LIMIT 100) o
ON CONFLICT DO NOTHING
