-- One request, locked until the transaction ends. Lock order everywhere: person, contact, request, attempt, pace, stream.
SELECT r.*,
    CASE WHEN r.state IN ('done', 'cancelled', 'expired', 'rejected') THEN TRUE ELSE FALSE END AS is_final,
    CASE WHEN r.expires_at <= :#${variable.now} THEN TRUE ELSE FALSE END AS is_expired
FROM request r
WHERE r.request_id = :#${variable.requestId}
FOR UPDATE
