DELETE FROM erasure_store WHERE task_id = :#${variable.taskId}
