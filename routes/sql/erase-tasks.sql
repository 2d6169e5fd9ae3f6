-- A task that waits for somebody has nothing left to work on.
UPDATE task SET contact_id = NULL, fields = NULL, result = NULL, reason = NULL,
    state = CASE WHEN state IN ('open', 'needs_review') THEN 'deleted' ELSE state END, version = version + 1,
    updated_at = :#${variable.now}
WHERE task_id IN (SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'task')
