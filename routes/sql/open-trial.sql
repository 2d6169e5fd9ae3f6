-- Retell answers the probe: the next request may try.
UPDATE dialing_pause SET trial = TRUE WHERE scope = 'retell' AND NOT trial
