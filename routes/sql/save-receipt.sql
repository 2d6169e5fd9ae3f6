-- How far the erasure is in one store.
UPDATE erasure_store SET state = :#${variable.storeState}, receipt = :#${variable.receipt}, failures = failures + 1,
    due_at = CAST(:#${variable.retryAt} AS TIMESTAMP WITH TIME ZONE)
WHERE task_id = :#${variable.taskId} AND store = :#${variable.store} AND state = 'open'
