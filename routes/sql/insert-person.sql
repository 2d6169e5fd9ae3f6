INSERT INTO person (number, created_at, updated_at)
VALUES (:#${variable.toNumber}, :#${variable.now}, :#${variable.now})
ON CONFLICT DO NOTHING
