SELECT r.*, CASE WHEN r.state IN ('done', 'cancelled', 'expired', 'rejected') THEN TRUE ELSE FALSE END AS is_final
FROM request r
JOIN privacy_subject s ON s.work_id = :#${variable.workId} AND s.kind = 'request' AND s.id = r.request_id
ORDER BY r.request_id
