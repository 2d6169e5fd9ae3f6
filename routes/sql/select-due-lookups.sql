SELECT a.request_id, a.no AS attempt FROM attempt a
WHERE a.state = 'unknown' AND a.next_lookup_at <= :#${variable.now}
ORDER BY a.next_lookup_at
LIMIT 50
