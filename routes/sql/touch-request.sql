UPDATE request SET updated_at = :#${variable.now} WHERE request_id = :#${variable.requestId}
