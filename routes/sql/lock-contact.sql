-- The contact behind a request, if it names one, locked until the transaction ends, after its person.
SELECT c.contact_id, c.consent_revoked_at,
    CASE WHEN c.do_not_call AND (c.do_not_call_until IS NULL OR c.do_not_call_until > :#${variable.now}) THEN TRUE ELSE FALSE
    END AS do_not_call_now
FROM contact c
WHERE c.contact_id = (SELECT r.contact_id FROM request r WHERE r.request_id = :#${variable.requestId})
FOR UPDATE
