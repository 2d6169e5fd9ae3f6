UPDATE task SET state = :#${variable.taskState}, result = COALESCE(CAST(:#${variable.taskResult} AS VARCHAR), result),
    reason = COALESCE(CAST(:#${variable.taskReason} AS VARCHAR), reason), version = version + 1, updated_at = :#${variable.now}
WHERE task_id = :#${variable.taskId} AND state <> 'deleted'
