-- The dial whose leaving the period makes room for another one: the limit-th latest.
SELECT a.dialing_at FROM attempt a
WHERE a.to_number = CAST(:#${variable.request[to_number]} AS VARCHAR) AND a.dialing_at > :#${variable.dialsSince}
    AND a.state <> 'refused' AND COALESCE(a.disconnection_reason, '') <> 'concurrency_limit_reached'
ORDER BY a.dialing_at DESC
LIMIT 1
OFFSET CAST(:#${variable.limit} AS INTEGER) - 1
