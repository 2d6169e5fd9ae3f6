-- What belongs to the person of a work.
SELECT s.kind, s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} ORDER BY s.kind, s.id
