-- Parked rows of one sink, of all sinks, or by id.
SELECT o.id FROM outbox o
WHERE o.state = 'parked'
    AND (CAST(:#${variable.redriveSink} AS VARCHAR) IS NULL OR o.sink = CAST(:#${variable.redriveSink} AS VARCHAR))
    AND (CAST(:#${variable.redriveAll} AS BOOLEAN) OR o.id IN (:#in:${variable.redriveIds}))
ORDER BY o.id
FOR UPDATE
