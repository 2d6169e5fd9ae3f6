UPDATE timeline SET reason_message = CASE WHEN reason_message IS NULL THEN NULL ELSE 'Erased.' END,
    detail = CASE WHEN kind = 'task' THEN detail ELSE NULL END
WHERE stream IN (
    SELECT s.id FROM privacy_subject s
    WHERE s.work_id = :#${variable.workId} AND s.kind IN ('request', 'call', 'task'))
