-- The warehouse row of a task.
SELECT t.task_id, t.version, t.type, t.state, t.request_id, t.call_id, t.contact_id, t.actor, t.reason, t.fields, t.result,
    t.due_at, t.created_at, t.updated_at
FROM task t
WHERE t.task_id = :#${variable.taskId}
