-- The contacts of a work, locked until the transaction ends.
SELECT c.contact_id, c.do_not_call, c.do_not_call_until, c.do_not_call_source, c.consent_revoked_at
FROM contact c
WHERE c.contact_id IN (SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'contact')
ORDER BY c.contact_id
FOR UPDATE
