INSERT INTO sweep (name, began_at, swept_until)
VALUES ('retell', :#${variable.sweepUntil}, :#${variable.sweepUntil})
ON CONFLICT DO NOTHING
