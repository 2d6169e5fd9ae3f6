-- Shows on the attempt what a late event told, without moving it.
UPDATE attempt SET
    started_at = COALESCE(started_at, CAST(:#${variable.startedAt} AS TIMESTAMP WITH TIME ZONE)),
    ended_at = COALESCE(ended_at, CAST(:#${variable.endedAt} AS TIMESTAMP WITH TIME ZONE)),
    heard_at = :#${variable.now},
    version = version + 1,
    updated_at = :#${variable.now}
WHERE request_id = :#${variable.requestId} AND no = CAST(:#${variable.attempt} AS INTEGER)
