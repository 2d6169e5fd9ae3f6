SELECT e.call_id, e.event, e.source, e.received_at
FROM call_event e
JOIN privacy_subject s ON s.work_id = :#${variable.workId} AND s.kind = 'call' AND s.id = e.call_id
ORDER BY e.call_id, e.recorded_at
