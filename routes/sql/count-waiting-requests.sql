SELECT r.state, r.reason_code, COUNT(*) AS requests FROM request r
WHERE r.state IN ('accepted', 'scheduled', 'queued', 'held', 'calling', 'unknown')
GROUP BY r.state, r.reason_code
ORDER BY r.state, r.reason_code
