-- Consent given before now is void, whatever becomes of the entry. Locks the person's row.
UPDATE person SET consent_revoked_at = :#${variable.now}, updated_at = :#${variable.now} WHERE number = :#${variable.toNumber}
