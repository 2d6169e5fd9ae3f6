-- Queued for so long that the message may be lost; it is sent again, since a repeat is harmless. A message that still
-- waits for SQS in the outbox is not lost: a further one would only make the backlog longer.
SELECT r.request_id, r.traceparent FROM request r
WHERE r.state = 'queued' AND r.updated_at <= :#${variable.queuedBefore}
    AND NOT EXISTS (
        SELECT 1 FROM outbox o
        WHERE o.sink = 'call-requests' AND o.stream = r.request_id AND o.state <> 'delivered')
ORDER BY r.updated_at
LIMIT 200
