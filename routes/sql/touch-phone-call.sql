UPDATE phone_call SET heard_at = :#${variable.now} WHERE call_id = :#${variable.callId}
