-- How a task came to its state: its creation and every move, oldest first.
SELECT a.at, a.actor, a.from_state, a.to_state
FROM audit a
WHERE a.subject = 'task/' || CAST(:#${variable.taskId} AS VARCHAR) AND a.to_state IS NOT NULL
ORDER BY a.at, a.id
