-- One request goes through while dialing is paused by Retell's refusal: its dial shows whether the pause may end.
UPDATE dialing_pause SET trial_request_id = :#${variable.requestId}
WHERE scope = 'retell' AND trial AND trial_request_id IS NULL
