-- What the call gate looks at, read while the person, the contact and the request are locked. Of a person who was erased
-- only hashes are left.
SELECT
    CASE WHEN (p.do_not_call AND (p.do_not_call_until IS NULL OR p.do_not_call_until > :#${variable.now}))
        OR (c.do_not_call AND (c.do_not_call_until IS NULL OR c.do_not_call_until > :#${variable.now}))
        OR (n.do_not_call AND (n.do_not_call_until IS NULL OR n.do_not_call_until > :#${variable.now}))
        OR (k.do_not_call AND (k.do_not_call_until IS NULL OR k.do_not_call_until > :#${variable.now}))
        THEN TRUE ELSE FALSE END AS do_not_call_now,
    CASE WHEN r.consent_obtained_at IS NULL THEN 'missing'
        WHEN r.consent_obtained_at <= p.consent_revoked_at OR r.consent_obtained_at <= c.consent_revoked_at
            OR r.consent_obtained_at <= n.consent_revoked_at OR r.consent_obtained_at <= k.consent_revoked_at THEN 'revoked'
        ELSE 'given' END AS consent
FROM request r
LEFT JOIN person p ON p.number = r.to_number
LEFT JOIN contact c ON c.contact_id = r.contact_id
LEFT JOIN opt_out_hash n ON n.hash = CAST(:#${variable.numberHash} AS VARCHAR)
LEFT JOIN opt_out_hash k ON k.hash = CAST(:#${variable.contactHash} AS VARCHAR)
WHERE r.request_id = :#${variable.requestId}
