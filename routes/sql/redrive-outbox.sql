-- Makes parked rows due again, as if they had never failed; count-parked-outbox counts the same rows.
UPDATE outbox SET state = 'pending', attempts = 0, due_at = :#${variable.now}, error = NULL,
    failed_since = NULL, failed_at = NULL, strikes = 0
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
