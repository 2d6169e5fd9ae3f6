-- What is left of a request says what became of it, and of nobody.
UPDATE request SET to_number = NULL, contact_id = NULL, dynamic_variables = NULL, metadata = NULL,
    reason_message = CASE WHEN reason_message IS NULL THEN NULL ELSE 'Erased.' END,
    consent_basis = CASE WHEN CAST(:#${variable.keepConsent} AS BOOLEAN) THEN consent_basis ELSE NULL END,
    consent_obtained_at = CASE WHEN CAST(:#${variable.keepConsent} AS BOOLEAN) THEN consent_obtained_at ELSE NULL END,
    consent_reference = CASE WHEN CAST(:#${variable.keepConsent} AS BOOLEAN) THEN consent_reference ELSE NULL END,
    erased_at = CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE), version = version + 1,
    updated_at = CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE)
WHERE request_id IN (SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'request')
