-- One store of an erasure, locked until the transaction ends.
SELECT e.state FROM erasure_store e
WHERE e.task_id = :#${variable.taskId} AND e.store = :#${variable.store}
FOR UPDATE
