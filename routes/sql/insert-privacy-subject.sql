INSERT INTO privacy_subject (work_id, kind, id)
VALUES (:#${variable.workId}, :#${variable.subjectKind}, :#${variable.subjectId})
ON CONFLICT DO NOTHING
