-- The contact behind a request, locked until the transaction ends: the limits per contact hold across its numbers.
SELECT c.contact_id FROM contact c
WHERE c.contact_id = (SELECT r.contact_id FROM request r WHERE r.request_id = :#${variable.requestId})
FOR UPDATE
