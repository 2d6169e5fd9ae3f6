-- One page, newest first; the cursor is the last call of the page before.
SELECT c.call_id, c.request_id, c.attempt, c.direction, c.to_number, c.from_number, c.agent_id, c.call_status,
    c.disconnection_reason, c.started_at, c.ended_at, c.analyzed_at, c.duration_ms, c.cost_usd, c.created_at, c.updated_at
FROM phone_call c
LEFT JOIN phone_call k ON k.call_id = CAST(:#${variable.query[cursor]} AS VARCHAR)
WHERE (CAST(:#${variable.query[cursor]} AS VARCHAR) IS NULL OR c.created_at < k.created_at
        OR c.created_at = k.created_at AND c.call_id < k.call_id)
    AND (CAST(:#${variable.query[direction]} AS VARCHAR) IS NULL OR c.direction = CAST(:#${variable.query[direction]} AS VARCHAR))
    AND (CAST(:#${variable.query[requested]} AS VARCHAR) IS NULL
        OR CASE WHEN c.request_id IS NULL THEN 'false' ELSE 'true' END = CAST(:#${variable.query[requested]} AS VARCHAR))
ORDER BY c.created_at DESC, c.call_id DESC
LIMIT CAST(:#${variable.query[limit]} AS INTEGER) + 1
