-- The attempt of a request that is on the line, and that Retell can be asked to hang up.
SELECT a.no, a.call_id FROM attempt a
WHERE a.request_id = :#${variable.requestId} AND a.state IN ('dialed', 'in_progress') AND a.call_id IS NOT NULL
ORDER BY a.no DESC
LIMIT 1
