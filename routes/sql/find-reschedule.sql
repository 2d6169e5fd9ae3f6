-- The open reschedule that created a request.
SELECT t.task_id FROM task t
WHERE t.created_request_id = :#${variable.requestId} AND t.type = 'reschedule-call' AND t.state = 'open'
FOR UPDATE
