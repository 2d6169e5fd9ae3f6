-- The attempt that an event is about: by the metadata that we gave the call, else by the call_id.
SELECT a.request_id, a.no, a.state, a.call_id, a.to_number
FROM attempt a
WHERE (a.request_id = CAST(:#${variable.requestId} AS VARCHAR) AND a.no = CAST(:#${variable.attempt} AS INTEGER))
    OR a.call_id = :#${variable.callId}
ORDER BY CASE WHEN a.request_id = CAST(:#${variable.requestId} AS VARCHAR) THEN 0 ELSE 1 END
LIMIT 1
