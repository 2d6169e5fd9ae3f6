INSERT INTO route_report (replica, report, seen_at) VALUES (:#${variable.replica}, :#${variable.report}, :#${variable.now})
ON CONFLICT DO NOTHING
