-- One request, unlocked.
SELECT r.*, CASE WHEN r.state IN ('done', 'cancelled', 'expired', 'rejected') THEN TRUE ELSE FALSE END AS is_final
FROM request r
WHERE r.request_id = :#${variable.requestId}
