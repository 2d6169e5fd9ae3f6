-- What the outcome of a call is judged by, as far as any event has told.
SELECT c.disconnection_reason, c.duration_ms, c.in_voicemail, c.call_successful FROM phone_call c
WHERE c.call_id = :#${variable.callId}
