-- The person behind a request, locked until the transaction ends: claims for one number go one after the other.
SELECT p.number,
    CASE WHEN p.do_not_call AND (p.do_not_call_until IS NULL OR p.do_not_call_until > :#${variable.now}) THEN TRUE ELSE FALSE
    END AS do_not_call_now
FROM person p
WHERE p.number = (SELECT r.to_number FROM request r WHERE r.request_id = :#${variable.requestId})
FOR UPDATE
