-- Requests that have not ended, by state and reason, and since when the oldest has been as it is.
SELECT r.state, COALESCE(r.reason_code, '') AS reason, COUNT(*) AS requests, MIN(r.updated_at) AS oldest
FROM request r
WHERE r.state IN ('accepted', 'scheduled', 'queued', 'held', 'calling', 'unknown')
GROUP BY r.state, r.reason_code
