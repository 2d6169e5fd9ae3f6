-- Retell refuses our key, our payment or our own number and agent: a probe shows when it no longer does.
INSERT INTO dialing_pause (scope, code, reason, actor, paused_at, probe_at)
VALUES ('retell', :#${variable.dialCode}, :#${variable.dialMessage}, 'retell', :#${variable.now}, :#${variable.probeAt})
ON CONFLICT DO NOTHING
