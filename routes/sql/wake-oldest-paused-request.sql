UPDATE request SET due_at = :#${variable.now}
WHERE request_id = (SELECT MIN(r.request_id) FROM request r WHERE r.state = 'held' AND r.reason_code = 'paused')
    AND due_at IS NULL
