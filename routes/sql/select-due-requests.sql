-- Scheduled requests whose time has come, and held ones whose reason may have ended; the oldest first.
SELECT r.request_id, r.traceparent FROM request r
WHERE r.state IN ('scheduled', 'held') AND r.due_at <= :#${variable.now}
    AND (r.reason_code IS NULL OR r.reason_code <> 'capacity')
ORDER BY r.due_at, r.request_id
LIMIT 200
