-- The persons of a work, locked until the transaction ends, in the order in which all transactions lock them.
SELECT p.number, p.do_not_call, p.do_not_call_until, p.do_not_call_source, p.consent_revoked_at
FROM person p
WHERE p.number IN (SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'number')
ORDER BY p.number
FOR UPDATE
