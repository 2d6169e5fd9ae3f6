-- What a return call is probably about: the last request whose call was placed to the number, else the last one.
SELECT r.request_id, r.contact_id, r.campaign, r.state, r.outcome, r.dynamic_variables, a.call_id,
    a.dialing_at AS called_at
FROM request r
LEFT JOIN attempt a ON a.request_id = r.request_id AND a.state <> 'refused'
    AND NOT EXISTS (
        SELECT 1 FROM attempt l WHERE l.request_id = a.request_id AND l.no > a.no AND l.state <> 'refused')
WHERE r.to_number = :#${variable.fromNumber}
ORDER BY CASE WHEN a.dialing_at IS NULL THEN 1 ELSE 0 END, a.dialing_at DESC, r.request_id DESC
LIMIT 1
