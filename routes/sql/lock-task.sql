SELECT t.* FROM task t WHERE t.task_id = :#${variable.taskId} FOR UPDATE
