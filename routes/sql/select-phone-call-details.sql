-- All that events have told of a call.
SELECT c.* FROM phone_call c WHERE c.call_id = :#${variable.callId}
