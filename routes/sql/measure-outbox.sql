-- What waits for each sink, what is parked, and since when the oldest of it.
SELECT o.sink, o.state, COUNT(*) AS waiting, MIN(o.created_at) AS oldest
FROM outbox o
WHERE o.state IN ('pending', 'parked')
GROUP BY o.sink, o.state
