-- One page, newest first: a request_id is a UUIDv7, so its order is the order of creation.
SELECT r.*, CASE WHEN r.state IN ('done', 'cancelled', 'expired', 'rejected') THEN TRUE ELSE FALSE END AS is_final
FROM request r
WHERE (CAST(:#${variable.query[cursor]} AS VARCHAR) IS NULL OR r.request_id < CAST(:#${variable.query[cursor]} AS VARCHAR))
    AND (CAST(:#${variable.query[state]} AS VARCHAR) IS NULL OR r.state = CAST(:#${variable.query[state]} AS VARCHAR))
    AND (CAST(:#${variable.query[outcome]} AS VARCHAR) IS NULL OR r.outcome = CAST(:#${variable.query[outcome]} AS VARCHAR))
    AND (CAST(:#${variable.query[contact_id]} AS VARCHAR) IS NULL
        OR r.contact_id = CAST(:#${variable.query[contact_id]} AS VARCHAR))
    AND (CAST(:#${variable.query[campaign]} AS VARCHAR) IS NULL OR r.campaign = CAST(:#${variable.query[campaign]} AS VARCHAR))
    AND (CAST(:#${variable.query[number]} AS VARCHAR) IS NULL OR r.to_number = CAST(:#${variable.query[number]} AS VARCHAR))
    AND (CAST(:#${variable.query[created_from]} AS VARCHAR) IS NULL
        OR r.created_at >= CAST(:#${variable.query[created_from]} AS TIMESTAMP WITH TIME ZONE))
    AND (CAST(:#${variable.query[updated_since]} AS VARCHAR) IS NULL
        OR r.updated_at >= CAST(:#${variable.query[updated_since]} AS TIMESTAMP WITH TIME ZONE))
ORDER BY r.request_id DESC
LIMIT CAST(:#${variable.query[limit]} AS INTEGER) + 1
