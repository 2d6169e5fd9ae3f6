-- Some requests that ended long enough ago for the persons behind them to be forgotten.
INSERT INTO privacy_subject (work_id, kind, id)
SELECT CAST(:#${variable.workId} AS VARCHAR), 'request', o.request_id
FROM (
    SELECT r.request_id FROM request r
    WHERE r.state IN ('done', 'cancelled', 'expired', 'rejected') AND r.erased_at IS NULL
        AND r.updated_at <= :#${variable.calledBefore}
    ORDER BY r.updated_at
    LIMIT 100) o
ON CONFLICT DO NOTHING
