INSERT INTO task (task_id, type, state, request_id, call_id, contact_id, created_request_id, fields, result, due_at, actor,
    reason, created_at, updated_at)
VALUES (:#${variable.taskId}, :#${variable.taskType}, :#${variable.taskState}, :#${variable.taskRequestId}, :#${variable.taskCallId},
    :#${variable.taskContactId}, :#${variable.createdRequestId}, :#${variable.taskFields}, :#${variable.taskResult},
    :#${variable.taskDueAt}, :#${variable.actor}, :#${variable.taskReason}, :#${variable.now}, :#${variable.now})
ON CONFLICT DO NOTHING
