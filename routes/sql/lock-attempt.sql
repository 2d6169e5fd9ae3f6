SELECT a.request_id, a.no, a.state, a.call_id, a.to_number, a.started_at, a.dialing_at, a.lookups
FROM attempt a
WHERE a.request_id = :#${variable.requestId} AND a.no = CAST(:#${variable.attempt} AS INTEGER)
FOR UPDATE
