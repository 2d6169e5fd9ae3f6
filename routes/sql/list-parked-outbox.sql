SELECT o.id, o.sink, o.stream, o.kind, o.attempts, o.error, o.created_at FROM outbox o
WHERE o.state = 'parked'
ORDER BY o.id DESC
LIMIT 200
