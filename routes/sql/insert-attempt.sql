INSERT INTO attempt (request_id, no, state, to_number, contact_id, policy_row, dialing_at, heard_at, updated_at)
SELECT r.request_id, r.next_attempt, 'dialing', r.to_number, r.contact_id, r.policy_row, CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE),
    CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE), CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE)
FROM request r
WHERE r.request_id = :#${variable.requestId}
