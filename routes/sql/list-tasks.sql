SELECT t.* FROM task t
WHERE (CAST(:#${variable.query[cursor]} AS VARCHAR) IS NULL OR t.task_id < CAST(:#${variable.query[cursor]} AS VARCHAR))
    AND (CAST(:#${variable.query[type]} AS VARCHAR) IS NULL OR t.type = CAST(:#${variable.query[type]} AS VARCHAR))
    AND (CAST(:#${variable.query[state]} AS VARCHAR) IS NULL OR t.state = CAST(:#${variable.query[state]} AS VARCHAR))
    AND (CAST(:#${variable.query[request_id]} AS VARCHAR) IS NULL
        OR t.request_id = CAST(:#${variable.query[request_id]} AS VARCHAR))
    AND (CAST(:#${variable.query[contact_id]} AS VARCHAR) IS NULL
        OR t.contact_id = CAST(:#${variable.query[contact_id]} AS VARCHAR))
ORDER BY t.task_id DESC
LIMIT CAST(:#${variable.query[limit]} AS INTEGER) + 1
