-- Who called whom, also in a call that we did not place.
SELECT c.call_id, c.direction, c.from_number, c.to_number FROM phone_call c WHERE c.call_id = CAST(:#${variable.callId} AS VARCHAR)
