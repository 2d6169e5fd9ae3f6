-- Those of the numbers that are on the list now.
SELECT p.number, p.do_not_call_until, p.do_not_call_source, p.do_not_call_reason, p.consent_revoked_at
FROM person p
WHERE p.number IN (:#in:${variable.optOutNumbersOrNone})
    AND p.do_not_call = TRUE AND (p.do_not_call_until IS NULL OR p.do_not_call_until > :#${variable.now})
