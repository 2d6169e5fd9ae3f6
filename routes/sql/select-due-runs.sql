-- Whole runs: every row that is due and has no earlier row of its stream that is parked or waits. Not locked and twice a
-- batch, for the reasons in select-due-heads.sql, but in the order of writing: a row that was tried before is due later
-- than those that came after it, and a batch must not end between them.
SELECT o.id FROM outbox o
WHERE o.sink = :#${variable.sink}
    AND o.state = 'pending'
    AND o.due_at <= :#${variable.now}
    AND (o.lease_until IS NULL OR o.lease_until < :#${variable.now})
    AND NOT EXISTS (
        SELECT 1 FROM outbox e
        WHERE e.sink = o.sink AND e.stream = o.stream AND e.seq < o.seq
            AND (e.state = 'parked'
                OR (e.state = 'pending' AND (e.due_at > :#${variable.now} OR e.lease_until >= :#${variable.now}))))
ORDER BY o.id
LIMIT 2 * CAST(:#${variable.batchSize} AS INTEGER)
