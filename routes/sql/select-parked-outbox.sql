-- One parked row with what could not be delivered.
SELECT o.id, o.sink, o.stream, o.kind, o.attempts, o.error, o.failed_since, o.created_at, o.payload
FROM outbox o
WHERE o.id = :#${variable.letterId} AND o.state = 'parked'
