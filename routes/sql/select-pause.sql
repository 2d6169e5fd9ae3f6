-- The pause that keeps a request from being dialed; an operator's before our own.
SELECT d.scope,
    CASE WHEN d.scope LIKE 'campaign/%' THEN 'campaign' WHEN d.scope LIKE 'from_number/%' THEN 'from_number' ELSE d.scope END
    AS kind,
    d.code, d.reason, d.trial, d.trial_request_id
FROM dialing_pause d
JOIN request r ON d.scope IN ('all', 'retell', 'campaign/' || r.campaign, 'from_number/' || r.from_number)
WHERE r.request_id = :#${variable.requestId}
ORDER BY CASE WHEN d.scope = 'retell' THEN 1 ELSE 0 END, d.scope
LIMIT 1
