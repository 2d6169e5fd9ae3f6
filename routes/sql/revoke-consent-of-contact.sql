-- Consent given before now is void, whatever becomes of the entry. Locks the contact's row.
UPDATE contact SET consent_revoked_at = :#${variable.now}, updated_at = :#${variable.now}
WHERE contact_id = :#${variable.optOutContact}
