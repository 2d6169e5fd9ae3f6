-- The pace of dialing. line_limit is RETELL_CONCURRENCY, or less where Retell's own limit
-- leaves less to us: others may use lines of the same account.
SELECT p.next_free_at, b.blocked_until,
    CASE WHEN b.blocked_until > :#${variable.now} THEN TRUE ELSE FALSE END AS is_blocked,
    CASE WHEN p.live_read_at > :#${variable.limitsReadAfter}
        THEN GREATEST(0, LEAST(CAST(:#${variable.ownConcurrency} AS INTEGER), p.live_limit - p.live_foreign))
        ELSE CAST(:#${variable.ownConcurrency} AS INTEGER) END AS line_limit
FROM pace p JOIN dialing_block b ON b.name = p.name
WHERE p.name = 'retell'
