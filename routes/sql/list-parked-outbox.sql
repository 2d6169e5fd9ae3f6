-- One page of parked rows, newest first; a call's rows are in the stream of its request.
SELECT outbox.id, outbox.sink, outbox.stream, outbox.kind, outbox.attempts, outbox.error, outbox.failed_since, outbox.created_at,
    CAST(EXTRACT(EPOCH FROM outbox.created_at) * 1000 AS BIGINT) AS at
FROM outbox
WHERE outbox.state = 'parked'
    AND (CAST(:#${variable.query[source]} AS VARCHAR) IS NULL OR CAST(:#${variable.query[source]} AS VARCHAR) = 'outbox')
    AND (CAST(:#${variable.query[sink]} AS VARCHAR) IS NULL OR outbox.sink = CAST(:#${variable.query[sink]} AS VARCHAR))
    AND (CAST(:#${variable.query[event]} AS VARCHAR) IS NULL OR outbox.kind = CAST(:#${variable.query[event]} AS VARCHAR))
    AND (CAST(:#${variable.query[error]} AS VARCHAR) IS NULL OR outbox.error = CAST(:#${variable.query[error]} AS VARCHAR))
    AND (CAST(:#${variable.query[request_id]} AS VARCHAR) IS NULL
        OR outbox.stream = CAST(:#${variable.query[request_id]} AS VARCHAR))
    AND (CAST(:#${variable.query[call_id]} AS VARCHAR) IS NULL
        OR outbox.stream = CAST(:#${variable.query[call_id]} AS VARCHAR)
        OR outbox.stream IN (SELECT a.request_id FROM attempt a WHERE a.call_id = CAST(:#${variable.query[call_id]} AS VARCHAR)))
    AND (CAST(:#${variable.query[cursor_at]} AS BIGINT) IS NULL
        OR CAST(EXTRACT(EPOCH FROM outbox.created_at) * 1000 AS BIGINT) < CAST(:#${variable.query[cursor_at]} AS BIGINT)
        OR (CAST(EXTRACT(EPOCH FROM outbox.created_at) * 1000 AS BIGINT) = CAST(:#${variable.query[cursor_at]} AS BIGINT)
            AND outbox.id < CAST(:#${variable.query[cursor_id]} AS VARCHAR)))
ORDER BY outbox.created_at DESC, outbox.id DESC
LIMIT CAST(:#${variable.query[limit]} AS INTEGER) + 1
