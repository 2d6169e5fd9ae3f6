INSERT INTO phone_call (call_id, request_id, attempt, direction, to_number, from_number, agent_id, heard_at,
    created_at, updated_at)
VALUES (:#${variable.callId}, :#${variable.requestId}, CAST(:#${variable.attempt} AS INTEGER), :#${variable.details[direction]},
    :#${variable.details[to_number]}, :#${variable.details[from_number]}, :#${variable.details[agent_id]},
    :#${variable.now}, :#${variable.now}, :#${variable.now})
ON CONFLICT DO NOTHING
