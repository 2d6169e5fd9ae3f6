-- The one statement that changes an attempt's state: forward only, and what is known is never forgotten.
UPDATE attempt SET
    state = :#${variable.attemptState},
    call_id = COALESCE(call_id, CAST(:#${variable.callId} AS VARCHAR)),
    outcome = COALESCE(CAST(:#${variable.attemptOutcome} AS VARCHAR), outcome),
    disconnection_reason = COALESCE(CAST(:#${variable.disconnectionReason} AS VARCHAR), disconnection_reason),
    refusal_code = COALESCE(CAST(:#${variable.refusalCode} AS VARCHAR), refusal_code),
    refusal_message = COALESCE(CAST(:#${variable.refusalMessage} AS VARCHAR), refusal_message),
    next_lookup_at = CAST(:#${variable.nextLookupAt} AS TIMESTAMP WITH TIME ZONE),
    dialed_at = COALESCE(dialed_at, CAST(:#${variable.dialedAt} AS TIMESTAMP WITH TIME ZONE)),
    started_at = COALESCE(started_at, CAST(:#${variable.startedAt} AS TIMESTAMP WITH TIME ZONE)),
    ended_at = COALESCE(ended_at, CAST(:#${variable.endedAt} AS TIMESTAMP WITH TIME ZONE)),
    analyzed_at = COALESCE(analyzed_at, CAST(:#${variable.analyzedAt} AS TIMESTAMP WITH TIME ZONE)),
    heard_at = :#${variable.now},
    version = version + 1,
    updated_at = :#${variable.now}
WHERE request_id = :#${variable.requestId}
    AND no = CAST(:#${variable.attempt} AS INTEGER)
    AND EXISTS (
        SELECT 1 FROM transition t
        WHERE t.machine = 'attempt' AND t.from_state = attempt.state AND t.to_state = :#${variable.attemptState})
