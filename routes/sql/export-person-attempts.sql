SELECT a.*, a.no AS attempt
FROM attempt a
JOIN privacy_subject s ON s.work_id = :#${variable.workId} AND s.kind = 'request' AND s.id = a.request_id
ORDER BY a.request_id, a.no
