-- How many parked rows redrive-outbox would send again.
SELECT COUNT(*) AS parked FROM outbox
WHERE outbox.state = 'parked' AND CAST(:#${variable.filter[queue]} AS VARCHAR) IS NULL
    AND (CAST(:#${variable.anyId} AS BOOLEAN) OR outbox.id IN (:#in:${variable.filterIds}))
    AND (CAST(:#${variable.filter[sink]} AS VARCHAR) IS NULL OR outbox.sink = CAST(:#${variable.filter[sink]} AS VARCHAR))
    AND (CAST(:#${variable.filter[event]} AS VARCHAR) IS NULL OR outbox.kind = CAST(:#${variable.filter[event]} AS VARCHAR))
    AND (CAST(:#${variable.filter[error]} AS VARCHAR) IS NULL OR outbox.error = CAST(:#${variable.filter[error]} AS VARCHAR))
    AND (CAST(:#${variable.filter[request_id]} AS VARCHAR) IS NULL
        OR outbox.stream = CAST(:#${variable.filter[request_id]} AS VARCHAR))
    AND (CAST(:#${variable.filter[call_id]} AS VARCHAR) IS NULL
        OR outbox.stream = CAST(:#${variable.filter[call_id]} AS VARCHAR)
        OR outbox.stream IN (SELECT a.request_id FROM attempt a WHERE a.call_id = CAST(:#${variable.filter[call_id]} AS VARCHAR)))
