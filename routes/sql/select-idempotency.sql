SELECT i.body_sha256, i.status, i.location, i.response FROM idempotency i
WHERE i.scope = :#${variable.idempotencyScope} AND i.idempotency_key = :#${variable.idempotencyKey}
