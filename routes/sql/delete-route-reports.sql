DELETE FROM route_report WHERE seen_at < :#${variable.goneBefore}
