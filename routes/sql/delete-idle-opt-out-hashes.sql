-- Entries that have run out, of persons whose revoked consent need not be known any more.
DELETE FROM opt_out_hash WHERE hash IN (
    SELECT h.hash FROM opt_out_hash h
    WHERE (h.do_not_call = FALSE OR h.do_not_call_until <= :#${variable.now})
        AND (h.consent_revoked_at IS NULL OR h.consent_revoked_at <= :#${variable.consentBefore})
    LIMIT 500)
