-- The request makes no further attempt: another one took its place, or the person does not want to be called.
UPDATE request SET retries_stopped = TRUE WHERE request_id = :#${variable.requestId}
