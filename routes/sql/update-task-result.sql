-- Shows on an open task how far it is.
UPDATE task SET result = :#${variable.taskResult}, version = version + 1, updated_at = :#${variable.now}
WHERE task_id = :#${variable.taskId} AND state = 'open'
