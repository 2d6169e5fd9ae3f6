-- The row of the contact that a request names, which later claims lock.
INSERT INTO contact (contact_id, created_at, updated_at)
SELECT r.contact_id, CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE), CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE)
FROM request r
WHERE r.request_id = :#${variable.requestId} AND r.contact_id IS NOT NULL
ON CONFLICT DO NOTHING
