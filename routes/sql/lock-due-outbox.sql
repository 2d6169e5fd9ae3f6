-- Of the rows that are due, those that no other relay takes at this moment or has taken meanwhile.
SELECT o.id, o.stream, o.seq, o.kind, o.payload, o.attempts, o.strikes, o.traceparent
FROM outbox o
WHERE o.id IN (:#in:${variable.dueIds})
    AND o.state = 'pending'
    AND (o.lease_until IS NULL OR o.lease_until < :#${variable.now})
ORDER BY o.id
LIMIT CAST(:#${variable.batchSize} AS INTEGER)
FOR UPDATE SKIP LOCKED
