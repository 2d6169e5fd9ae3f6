-- Takes the heads that are due: rows with no earlier undelivered row of the same sink and stream.
UPDATE outbox SET lease_id = :#${variable.leaseId}, lease_until = :#${variable.leaseUntil}
WHERE id IN (
    SELECT o.id FROM outbox o
    WHERE o.sink = :#${variable.sink}
        AND o.state = 'pending'
        AND o.due_at <= :#${variable.now}
        AND (o.lease_until IS NULL OR o.lease_until < :#${variable.now})
        AND NOT EXISTS (
            SELECT 1 FROM outbox e
            WHERE e.sink = o.sink AND e.stream = o.stream AND e.seq < o.seq AND e.state <> 'delivered')
    ORDER BY o.id
    LIMIT CAST(:#${variable.batchSize} AS INTEGER)
    FOR UPDATE SKIP LOCKED)
