-- Counts one look and plans the next; no further look when it is NULL.
UPDATE attempt SET lookups = lookups + 1, next_lookup_at = CAST(:#${variable.nextLookupAt} AS TIMESTAMP WITH TIME ZONE),
    version = version + 1, updated_at = :#${variable.now}
WHERE request_id = :#${variable.requestId} AND no = CAST(:#${variable.attempt} AS INTEGER) AND state = 'unknown'
