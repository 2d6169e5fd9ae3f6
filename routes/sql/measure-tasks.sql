-- Tasks that wait for somebody.
SELECT t.type, t.state, COUNT(*) AS tasks, MIN(t.created_at) AS oldest
FROM task t
WHERE t.state IN ('open', 'needs_review')
GROUP BY t.type, t.state
