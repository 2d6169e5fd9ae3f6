-- A subject of the audit trail is the kind and the id. Who did what, and when, stays.
UPDATE audit SET detail = NULL,
    subject = CASE WHEN subject LIKE 'number/%' THEN 'number/erased' WHEN subject LIKE 'contact/%' THEN 'contact/erased'
        ELSE subject END
WHERE subject IN (SELECT s.kind || '/' || s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId})
