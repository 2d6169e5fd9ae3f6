-- Open, and nothing heard for longer than may be: attempts that were placed, and calls that we did not place. Overdue are
-- those that have to be closed with what is known of them.
SELECT t.request_id, t.attempt, t.call_id, t.overdue, r.traceparent FROM (
    SELECT a.request_id, a.no AS attempt, a.call_id, a.heard_at,
        CASE WHEN a.dialing_at <= :#${variable.openSince} OR EXISTS (
                SELECT 1 FROM call_event e
                WHERE e.call_id = a.call_id AND e.event = 'call_ended' AND e.recorded_at <= :#${variable.endedBefore})
            THEN TRUE ELSE FALSE END AS overdue
    FROM attempt a
    WHERE a.state IN ('dialed', 'in_progress', 'ended') AND a.call_id IS NOT NULL AND a.heard_at <= :#${variable.heardBefore}
    UNION ALL
    SELECT CAST(NULL AS VARCHAR), CAST(NULL AS INTEGER), c.call_id, c.heard_at,
        CASE WHEN c.created_at <= :#${variable.openSince} OR EXISTS (
                SELECT 1 FROM call_event e
                WHERE e.call_id = c.call_id AND e.event = 'call_ended' AND e.recorded_at <= :#${variable.endedBefore})
            THEN TRUE ELSE FALSE END
    FROM phone_call c
    WHERE c.analyzed_at IS NULL AND c.heard_at <= :#${variable.heardBefore}
        AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.call_id = c.call_id)
) t
LEFT JOIN request r ON r.request_id = t.request_id
ORDER BY t.heard_at
LIMIT 500
