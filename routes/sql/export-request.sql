-- The warehouse row of a request.
SELECT r.request_id, r.version, r.parent_request_id, r.state,
    CASE WHEN r.state IN ('done', 'cancelled', 'expired', 'rejected') THEN TRUE ELSE FALSE END AS is_final,
    r.outcome, r.reason_code, r.reason_message, r.reason_rule, r.to_number, r.from_number, r.agent_id, r.contact_id,
    r.campaign, r.purpose, r.timezone, r.not_before, r.expires_at, r.actor, r.metadata, r.dynamic_variables, r.created_at,
    r.updated_at
FROM request r
WHERE r.request_id = :#${variable.requestId}
