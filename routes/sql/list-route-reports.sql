SELECT replica, report, seen_at FROM route_report WHERE seen_at >= :#${variable.goneBefore} ORDER BY replica
