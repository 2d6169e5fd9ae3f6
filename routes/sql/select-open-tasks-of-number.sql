-- What is still to be done for whoever has a number, oldest first; what only staff has to settle is left out.
SELECT t.task_id, t.type, t.state, t.due_at
FROM task t
JOIN request r ON r.request_id = t.request_id
WHERE r.to_number = :#${variable.fromNumber} AND t.state = 'open'
ORDER BY t.task_id
LIMIT 20
