-- A rescheduled request makes no further attempt: the new request takes its place.
UPDATE request SET retries_stopped = TRUE WHERE request_id = :#${variable.requestId}
