-- Once per (stream, type, cause): the key is the deduplication.
INSERT INTO abt (stream, type, cause, event_id, at)
VALUES (:#${variable.stream}, :#${variable.abtType}, :#${variable.abtCause}, :#${variable.abtId}, :#${variable.now})
ON CONFLICT DO NOTHING
