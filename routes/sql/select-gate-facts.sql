-- What the call gate looks at, read while the person, the contact and the request are locked.
SELECT
    CASE WHEN (p.do_not_call AND (p.do_not_call_until IS NULL OR p.do_not_call_until > :#${variable.now}))
        OR (c.do_not_call AND (c.do_not_call_until IS NULL OR c.do_not_call_until > :#${variable.now}))
        THEN TRUE ELSE FALSE END AS do_not_call_now,
    CASE WHEN r.consent_obtained_at IS NULL THEN 'missing'
        WHEN r.consent_obtained_at <= p.consent_revoked_at OR r.consent_obtained_at <= c.consent_revoked_at THEN 'revoked'
        ELSE 'given' END AS consent
FROM request r
JOIN person p ON p.number = r.to_number
LEFT JOIN contact c ON c.contact_id = r.contact_id
WHERE r.request_id = :#${variable.requestId}
