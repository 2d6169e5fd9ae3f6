-- What became known of a task that has ended already; its state stays.
UPDATE task SET result = CAST(:#${variable.taskResult} AS VARCHAR), version = version + 1,
    updated_at = :#${variable.now}
WHERE task_id = :#${variable.taskId}
