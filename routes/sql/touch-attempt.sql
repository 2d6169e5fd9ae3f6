UPDATE attempt SET heard_at = :#${variable.now}
WHERE request_id = :#${variable.requestId} AND no = CAST(:#${variable.attempt} AS INTEGER)
