-- A row that its sink will never take stops its own stream at that sink, until it is sent again.
UPDATE outbox SET state = 'parked', attempts = attempts + 1, lease_id = NULL, lease_until = NULL, error = :#${variable.failure}
WHERE lease_id = :#${variable.leaseId} AND id = :#${variable.outboxId}
