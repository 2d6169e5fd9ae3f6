UPDATE outbox SET state = 'delivered', delivered_at = :#${variable.now}, lease_id = NULL, lease_until = NULL, error = NULL
WHERE lease_id = :#${variable.leaseId} AND id IN (:#in:${variable.deliveredIds})
