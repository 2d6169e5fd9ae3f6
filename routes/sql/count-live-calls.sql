-- The calls of a work that have not ended: those of its requests, and those that nobody asked for here.
SELECT
    (SELECT COUNT(*) FROM request r
        JOIN privacy_subject s ON s.work_id = :#${variable.workId} AND s.kind = 'request' AND s.id = r.request_id
        WHERE r.state = 'calling')
    + (SELECT COUNT(*) FROM phone_call c
        JOIN privacy_subject s ON s.work_id = :#${variable.workId} AND s.kind = 'call' AND s.id = c.call_id
        WHERE c.request_id IS NULL AND c.analyzed_at IS NULL AND c.erased_at IS NULL) AS live
