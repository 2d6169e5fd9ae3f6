-- How often a contact was called within a period. What provably rang no phone does not count.
SELECT COUNT(*) AS dials FROM attempt a
WHERE a.contact_id = CAST(:#${variable.request[contact_id]} AS VARCHAR) AND a.dialing_at > :#${variable.dialsSince}
    AND a.state <> 'refused' AND COALESCE(a.disconnection_reason, '') <> 'concurrency_limit_reached'
