SELECT a.request_id, a.no AS attempt, r.traceparent FROM attempt a
JOIN request r ON r.request_id = a.request_id
WHERE a.state = 'unknown' AND a.next_lookup_at <= :#${variable.now}
ORDER BY a.next_lookup_at
LIMIT 50
