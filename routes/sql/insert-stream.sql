INSERT INTO stream (stream, last_seq) VALUES (:#${variable.stream}, 0)
ON CONFLICT DO NOTHING
