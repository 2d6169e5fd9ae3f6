-- Gives a row back; it is due again after the back-off. A failure that may be the row's or the sink's fault counts against
-- the row where the sink has taken another stream's row since the failure before.
UPDATE outbox SET attempts = attempts + 1, due_at = :#${variable.retryAt}, lease_id = NULL, lease_until = NULL,
    error = :#${variable.failure},
    strikes = strikes + CASE
        WHEN CAST(:#${variable.blame} AS VARCHAR) = 'event' THEN 1
        WHEN CAST(:#${variable.blame} AS VARCHAR) = 'either' AND EXISTS (
            SELECT 1 FROM outbox d
            WHERE d.sink = outbox.sink AND d.stream <> outbox.stream AND d.delivered_at > outbox.failed_at) THEN 1
        ELSE 0 END,
    failed_since = COALESCE(failed_since, CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE)),
    failed_at = CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE)
WHERE lease_id = :#${variable.leaseId} AND id = :#${variable.outboxId}
