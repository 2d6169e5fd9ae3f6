-- The CRM was not reached at all, so that nothing has left.
UPDATE task SET pushed_at = NULL WHERE task_id = :#${variable.taskId}
