-- The contact, if it is on the list now.
SELECT c.contact_id, c.do_not_call_until, c.do_not_call_source, c.do_not_call_reason, c.consent_revoked_at
FROM contact c
WHERE c.contact_id = CAST(:#${variable.optOutContact} AS VARCHAR)
    AND c.do_not_call = TRUE AND (c.do_not_call_until IS NULL OR c.do_not_call_until > :#${variable.now})
