-- Another attempt that has this call_id already.
SELECT a.request_id, a.no FROM attempt a
WHERE a.call_id = :#${variable.callId}
    AND NOT (a.request_id = :#${variable.requestId} AND a.no = CAST(:#${variable.attempt} AS INTEGER))
LIMIT 1
