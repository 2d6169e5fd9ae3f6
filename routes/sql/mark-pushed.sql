-- The fields are about to leave for the CRM: from now on nobody can say that they did not.
UPDATE task SET pushed_at = :#${variable.now} WHERE task_id = :#${variable.taskId}
