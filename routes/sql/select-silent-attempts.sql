-- Placed, not analyzed, and nothing heard for longer than may be.
SELECT a.request_id, a.no AS attempt, a.call_id, a.dialing_at FROM attempt a
WHERE a.state IN ('dialed', 'in_progress', 'ended') AND a.call_id IS NOT NULL AND a.heard_at <= :#${variable.heardBefore}
ORDER BY a.heard_at
LIMIT 50
