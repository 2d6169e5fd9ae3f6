-- What an activity event tells about a call that we did not ask for.
SELECT c.call_id, c.disconnection_reason, c.duration_ms, c.cost_usd FROM phone_call c WHERE c.call_id = :#${variable.callId}
