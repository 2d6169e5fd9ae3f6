UPDATE route_report SET report = :#${variable.report}, seen_at = :#${variable.now} WHERE replica = :#${variable.replica}
