UPDATE outbox SET lease_id = :#${variable.leaseId}, lease_until = :#${variable.leaseUntil}
WHERE id IN (:#in:${variable.leasedIds})
