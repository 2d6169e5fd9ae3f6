-- Later events know more; what an event does not tell stays as it was.
UPDATE phone_call SET
    request_id = COALESCE(request_id, CAST(:#${variable.requestId} AS VARCHAR)),
    attempt = COALESCE(attempt, CAST(:#${variable.attempt} AS INTEGER)),
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
    version = version + 1,
    updated_at = :#${variable.now}
WHERE call_id = :#${variable.callId}
