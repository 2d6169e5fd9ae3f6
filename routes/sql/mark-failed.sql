-- Gives a row back; it is due again after the back-off.
UPDATE outbox SET attempts = attempts + 1, due_at = :#${variable.retryAt}, lease_id = NULL, lease_until = NULL,
    error = :#${variable.failure}
WHERE lease_id = :#${variable.leaseId} AND id IN (:#in:${variable.failedIds})
