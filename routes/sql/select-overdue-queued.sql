-- Queued for so long that the message may be lost; it is sent again, since a repeat is harmless.
SELECT r.request_id FROM request r
WHERE r.state = 'queued' AND r.updated_at <= :#${variable.queuedBefore}
ORDER BY r.updated_at
LIMIT 200
