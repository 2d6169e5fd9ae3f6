-- But not while a request that came in the meantime names the number.
DELETE FROM person
WHERE number IN (SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'number')
    AND NOT EXISTS (SELECT 1 FROM request r WHERE r.to_number = person.number)
