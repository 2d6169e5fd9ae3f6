-- The one statement that changes a request's state. It changes nothing where the transition table does not allow it.
UPDATE request SET
    state = :#${variable.requestState},
    outcome = CAST(:#${variable.requestOutcome} AS VARCHAR),
    reason_code = CAST(:#${variable.reasonCode} AS VARCHAR),
    reason_message = CAST(:#${variable.reasonMessage} AS VARCHAR),
    reason_rule = CAST(:#${variable.reasonRule} AS VARCHAR),
    reason_until = CAST(:#${variable.reasonUntil} AS TIMESTAMP WITH TIME ZONE),
    due_at = CAST(:#${variable.dueAt} AS TIMESTAMP WITH TIME ZONE),
    version = version + 1,
    updated_at = :#${variable.now}
WHERE request_id = :#${variable.requestId}
    AND EXISTS (
        SELECT 1 FROM transition t
        WHERE t.machine = 'request' AND t.from_state = request.state AND t.to_state = :#${variable.requestState})
