-- Takes the details of an event that is further in the call's life than what is known, or received later; what it does
-- not tell stays as it was.
UPDATE phone_call SET
    request_id = COALESCE(request_id, CAST(:#${variable.requestId} AS VARCHAR)),
    attempt = COALESCE(attempt, CAST(:#${variable.attempt} AS INTEGER)),
    direction = COALESCE(direction, CAST(:#${variable.details[direction]} AS VARCHAR)),
    to_number = COALESCE(to_number, CAST(:#${variable.details[to_number]} AS VARCHAR)),
    from_number = COALESCE(from_number, CAST(:#${variable.details[from_number]} AS VARCHAR)),
    agent_id = COALESCE(agent_id, CAST(:#${variable.details[agent_id]} AS VARCHAR)),
    call_status = COALESCE(CAST(:#${variable.details[call_status]} AS VARCHAR), call_status),
    disconnection_reason = COALESCE(CAST(:#${variable.details[disconnection_reason]} AS VARCHAR), disconnection_reason),
    started_at = COALESCE(CAST(:#${variable.startedAt} AS TIMESTAMP WITH TIME ZONE), started_at),
    ended_at = COALESCE(CAST(:#${variable.endedAt} AS TIMESTAMP WITH TIME ZONE), ended_at),
    duration_ms = COALESCE(CAST(:#${variable.details[duration_ms]} AS BIGINT), duration_ms),
    cost_usd = COALESCE(CAST(:#${variable.details[cost_usd]} AS DECIMAL(14, 6)), cost_usd),
    recording_url = COALESCE(CAST(:#${variable.details[recording_url]} AS VARCHAR), recording_url),
    transcript = COALESCE(CAST(:#${variable.details[transcript]} AS VARCHAR), transcript),
    summary = COALESCE(CAST(:#${variable.details[summary]} AS VARCHAR), summary),
    user_sentiment = COALESCE(CAST(:#${variable.details[user_sentiment]} AS VARCHAR), user_sentiment),
    call_successful = COALESCE(CAST(:#${variable.details[call_successful]} AS BOOLEAN), call_successful),
    in_voicemail = COALESCE(CAST(:#${variable.details[in_voicemail]} AS BOOLEAN), in_voicemail),
    custom_analysis = COALESCE(CAST(:#${variable.details[custom_analysis]} AS VARCHAR), custom_analysis),
    detail_rank = CAST(:#${variable.detailRank} AS INTEGER),
    details_received_at = CAST(:#${variable.receivedAt} AS TIMESTAMP WITH TIME ZONE),
    analyzed_at = CASE WHEN CAST(:#${variable.event} AS VARCHAR) = 'call_analyzed'
        THEN COALESCE(analyzed_at, CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE)) ELSE analyzed_at END,
    heard_at = :#${variable.now},
    version = version + 1,
    updated_at = :#${variable.now}
WHERE call_id = :#${variable.callId}
    AND (details_received_at IS NULL OR detail_rank < CAST(:#${variable.detailRank} AS INTEGER)
        OR detail_rank = CAST(:#${variable.detailRank} AS INTEGER)
            AND details_received_at <= CAST(:#${variable.receivedAt} AS TIMESTAMP WITH TIME ZONE))
