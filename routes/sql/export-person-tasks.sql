SELECT t.*
FROM task t
JOIN privacy_subject s ON s.work_id = :#${variable.workId} AND s.kind = 'task' AND s.id = t.task_id
ORDER BY t.task_id
