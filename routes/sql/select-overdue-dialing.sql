-- Still dialing although the dial must have ended: whoever dialed is gone, and whether the phone rang is not known.
SELECT a.request_id, a.no AS attempt, r.traceparent FROM attempt a
JOIN request r ON r.request_id = a.request_id
WHERE a.state = 'dialing' AND a.dialing_at <= :#${variable.dialingBefore}
ORDER BY a.dialing_at
LIMIT 200
