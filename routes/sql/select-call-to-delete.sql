-- The next call of an erasure that Retell has still to delete.
SELECT MIN(s.id) AS call_id FROM privacy_subject s
WHERE s.work_id = :#${variable.workId} AND s.kind = 'call' AND s.gone_at IS NULL
