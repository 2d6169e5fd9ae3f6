SELECT c.*
FROM phone_call c
JOIN privacy_subject s ON s.work_id = :#${variable.workId} AND s.kind = 'call' AND s.id = c.call_id
ORDER BY c.created_at, c.call_id
