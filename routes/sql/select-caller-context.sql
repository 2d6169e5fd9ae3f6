-- The last request to a number: what a return call is probably about.
SELECT r.request_id, r.contact_id, r.campaign, r.state, r.outcome, r.agent_id, r.dynamic_variables, r.updated_at
FROM request r
WHERE r.to_number = :#${variable.fromNumber}
ORDER BY r.request_id DESC
LIMIT 1
