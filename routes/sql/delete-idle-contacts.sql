-- Nothing refers to them any more, and there is no wish of theirs to keep.
DELETE FROM contact WHERE contact_id IN (
    SELECT p.contact_id FROM contact p
    WHERE (p.do_not_call = FALSE OR p.do_not_call_until <= :#${variable.now})
        AND (p.consent_revoked_at IS NULL OR p.consent_revoked_at <= :#${variable.consentBefore})
        AND NOT EXISTS (SELECT 1 FROM request r WHERE r.contact_id = p.contact_id)
    ORDER BY p.contact_id
    LIMIT 500)
