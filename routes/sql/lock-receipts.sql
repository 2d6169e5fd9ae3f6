-- The receipts of one erasure, locked until the transaction ends: whoever writes the last one ends the task.
SELECT e.store, e.state, e.receipt FROM erasure_store e WHERE e.task_id = :#${variable.taskId} ORDER BY e.store FOR UPDATE
