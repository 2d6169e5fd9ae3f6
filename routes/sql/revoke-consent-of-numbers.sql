-- Consent given before now is void, whatever becomes of the entry.
UPDATE person SET consent_revoked_at = :#${variable.now}, updated_at = :#${variable.now}
WHERE number IN (:#in:${variable.optOutNumbersOrNone})
