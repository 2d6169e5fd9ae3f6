-- A concurrent repeat waits here until the first one has committed or rolled back.
INSERT INTO idempotency (scope, idempotency_key, body_sha256, created_at)
VALUES (:#${variable.idempotencyScope}, :#${variable.idempotencyKey}, :#${variable.bodySha256}, :#${variable.now})
ON CONFLICT DO NOTHING
