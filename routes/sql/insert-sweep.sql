INSERT INTO sweep (name, swept_until) VALUES ('retell', :#${variable.sweepUntil}) ON CONFLICT DO NOTHING
