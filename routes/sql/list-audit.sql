-- One page, newest first: an id is a UUIDv7, so its order is the order of time.
SELECT a.id, a.at, a.actor, a.action, a.subject, a.detail
FROM audit a
WHERE (CAST(:#${variable.query[cursor]} AS VARCHAR) IS NULL OR a.id < CAST(:#${variable.query[cursor]} AS VARCHAR))
    AND (CAST(:#${variable.query[actor]} AS VARCHAR) IS NULL OR a.actor = CAST(:#${variable.query[actor]} AS VARCHAR))
    AND (CAST(:#${variable.query[action]} AS VARCHAR) IS NULL OR a.action = CAST(:#${variable.query[action]} AS VARCHAR))
    AND (CAST(:#${variable.query[subject]} AS VARCHAR) IS NULL
        OR a.subject = CAST(:#${variable.query[subject]} AS VARCHAR))
    AND (CAST(:#${variable.query[from]} AS VARCHAR) IS NULL
        OR a.at >= CAST(:#${variable.query[from]} AS TIMESTAMP WITH TIME ZONE))
    AND (CAST(:#${variable.query[to]} AS VARCHAR) IS NULL
        OR a.at < CAST(:#${variable.query[to]} AS TIMESTAMP WITH TIME ZONE))
ORDER BY a.id DESC
LIMIT CAST(:#${variable.query[limit]} AS INTEGER) + 1
