UPDATE request SET consent_basis = NULL, consent_obtained_at = NULL, consent_reference = NULL
WHERE request_id IN (
    SELECT r.request_id FROM request r
    WHERE r.created_at <= :#${variable.consentBefore}
        AND r.state IN ('done', 'cancelled', 'expired', 'rejected')
        AND (r.consent_basis IS NOT NULL OR r.consent_obtained_at IS NOT NULL OR r.consent_reference IS NOT NULL)
    LIMIT 500)
