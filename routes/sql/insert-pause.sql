INSERT INTO dialing_pause (scope, code, reason, actor, paused_at)
VALUES (:#${variable.pauseScope}, 'operator', :#${variable.pauseReason}, :#${variable.actor}, :#${variable.now})
ON CONFLICT DO NOTHING
