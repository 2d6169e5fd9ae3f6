-- What the receipt of an erasure says of the ledger.
SELECT
    (SELECT COUNT(*) FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'request') AS requests,
    (SELECT COUNT(*) FROM privacy_subject s
        JOIN attempt a ON s.kind = 'request' AND a.request_id = s.id WHERE s.work_id = :#${variable.workId}) AS attempts,
    (SELECT COUNT(*) FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'call') AS calls,
    (SELECT COUNT(*) FROM privacy_subject s
        JOIN call_event e ON s.kind = 'call' AND e.call_id = s.id WHERE s.work_id = :#${variable.workId}) AS events,
    (SELECT COUNT(*) FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'task') AS tasks
