SELECT r.request_id, r.traceparent FROM request r
WHERE r.state IN ('accepted', 'scheduled', 'queued', 'held', 'unknown') AND r.expires_at <= :#${variable.now}
ORDER BY r.expires_at
LIMIT 200
