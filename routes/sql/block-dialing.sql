-- Retell asked for silence: no dial of any replica leaves before.
UPDATE dialing_block SET blocked_until = :#${variable.blockedUntil}
WHERE name = 'retell' AND (blocked_until IS NULL OR blocked_until < :#${variable.blockedUntil})
