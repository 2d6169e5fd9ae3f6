UPDATE phone_call SET transcript = NULL, recording_url = NULL, summary = NULL, custom_analysis = NULL,
    version = version + 1, updated_at = :#${variable.now}
WHERE call_id = :#${variable.callId}
