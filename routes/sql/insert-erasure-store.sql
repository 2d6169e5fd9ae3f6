INSERT INTO erasure_store (task_id, store, state, due_at)
VALUES (:#${variable.taskId}, :#${variable.store}, 'open', :#${variable.now})
ON CONFLICT DO NOTHING
