INSERT INTO request (request_id, parent_request_id, state, to_number, from_number, agent_id, contact_id, campaign, purpose,
    consent_basis, consent_obtained_at, consent_reference, timezone, not_before, expires_at, dynamic_variables, metadata,
    actor, policy_row, created_at, updated_at, traceparent)
VALUES (:#${variable.requestId}, :#${variable.parentRequestId}, 'accepted', :#${variable.toNumber}, :#${variable.fromNumber},
    :#${variable.agentId}, :#${variable.call[contact_id]}, :#${variable.call[campaign]}, :#${variable.call[purpose]},
    :#${variable.call[consent_basis]}, CAST(:#${variable.call[consent_obtained_at]} AS TIMESTAMP WITH TIME ZONE),
    :#${variable.call[consent_reference]}, :#${variable.call[timezone]}, :#${variable.notBefore}, :#${variable.expiresAt},
    :#${variable.call[dynamic_variables]}, :#${variable.call[metadata]},
    :#${variable.actor}, 'first', :#${variable.now}, :#${variable.now}, :#${variable.traceparent})
