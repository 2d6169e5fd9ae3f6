-- The attempt that an event is about: by the metadata that we gave the call, else by the call_id. Two look-ups rather than
-- an OR of both, for which H2 reads the whole table.
SELECT found.request_id, found.no, found.state, found.call_id, found.to_number
FROM (
    SELECT a.request_id, a.no, a.state, a.call_id, a.to_number, 0 AS place
    FROM attempt a
    WHERE a.request_id = CAST(:#${variable.requestId} AS VARCHAR) AND a.no = CAST(:#${variable.attempt} AS INTEGER)
    UNION ALL
    SELECT a.request_id, a.no, a.state, a.call_id, a.to_number, 1 AS place
    FROM attempt a
    WHERE a.call_id = CAST(:#${variable.callId} AS VARCHAR)
) found
ORDER BY found.place
LIMIT 1
