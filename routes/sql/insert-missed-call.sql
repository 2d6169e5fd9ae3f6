-- A call of which Retell's list knows and no webhook told; it counts as silent at once.
INSERT INTO phone_call (call_id, heard_at, created_at, updated_at)
VALUES (:#${variable.callId}, :#${variable.sweepUntil}, :#${variable.now}, :#${variable.now})
ON CONFLICT DO NOTHING
