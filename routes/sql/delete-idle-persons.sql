-- Nothing refers to them any more, and there is no wish of theirs to keep.
DELETE FROM person WHERE number IN (
    SELECT p.number FROM person p
    WHERE (p.do_not_call = FALSE OR p.do_not_call_until <= :#${variable.now})
        AND (p.consent_revoked_at IS NULL OR p.consent_revoked_at <= :#${variable.consentBefore})
        AND NOT EXISTS (SELECT 1 FROM request r WHERE r.to_number = p.number)
    ORDER BY p.number
    LIMIT 500)
