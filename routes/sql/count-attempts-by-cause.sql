-- How many attempts of the request ended for one cause so far, and whether it may make another one at all.
SELECT COUNT(*) AS attempts,
    (SELECT r.retries_stopped FROM request r WHERE r.request_id = :#${variable.requestId}) AS retries_stopped
FROM attempt a
WHERE a.request_id = :#${variable.requestId}
    AND (a.refusal_code = :#${variable.policyCause} OR a.disconnection_reason = :#${variable.policyCause}
        OR (a.state = 'unknown' AND CAST(:#${variable.policyCause} AS VARCHAR) = 'unknown'))
