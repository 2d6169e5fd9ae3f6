-- The heads that are due: rows with no earlier undelivered row of the same sink and stream, those due longest first.
-- Nothing is locked and the order is the index's, so that a batch costs the same however much waits. Twice a batch, so
-- that a relay finds some when another takes the first ones.
SELECT o.id FROM outbox o
WHERE o.sink = :#${variable.sink}
    AND o.state = 'pending'
    AND o.due_at <= :#${variable.now}
    AND (o.lease_until IS NULL OR o.lease_until < :#${variable.now})
    AND NOT EXISTS (
        SELECT 1 FROM outbox e
        WHERE e.sink = o.sink AND e.stream = o.stream AND e.seq < o.seq AND e.state <> 'delivered')
ORDER BY o.sink, o.state, o.due_at
LIMIT 2 * CAST(:#${variable.batchSize} AS INTEGER)
