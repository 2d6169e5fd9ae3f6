-- The slots in use: attempts that hold a line, or may hold one. An unknown attempt that was given up no longer counts.
SELECT COUNT(*) AS live
FROM attempt a
WHERE a.state IN ('dialing', 'dialed', 'in_progress', 'unknown')
    AND a.dialing_at > :#${variable.longestCallAgo}
    AND (a.state <> 'unknown' OR a.next_lookup_at IS NOT NULL)
