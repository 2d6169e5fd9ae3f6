-- The person behind a request, locked until the transaction ends: claims for one number go one after the other.
SELECT p.number FROM person p
WHERE p.number = (SELECT r.to_number FROM request r WHERE r.request_id = :#${variable.requestId})
FOR UPDATE
