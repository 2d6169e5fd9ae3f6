UPDATE request SET next_attempt = next_attempt + 1 WHERE request_id = :#${variable.requestId}
