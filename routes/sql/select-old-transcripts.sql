-- Calls that are old enough for what was said in them to be forgotten.
SELECT c.call_id, c.request_id, c.attempt, COALESCE(c.request_id, c.call_id) AS stream FROM phone_call c
WHERE c.created_at <= :#${variable.saidBefore}
    AND (c.transcript IS NOT NULL OR c.recording_url IS NOT NULL OR c.summary IS NOT NULL OR c.custom_analysis IS NOT NULL)
ORDER BY c.call_id
LIMIT 100
