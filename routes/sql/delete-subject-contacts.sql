-- But not while a request that came in the meantime names the contact.
DELETE FROM contact
WHERE contact_id IN (SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'contact')
    AND NOT EXISTS (SELECT 1 FROM request r WHERE r.contact_id = contact.contact_id)
