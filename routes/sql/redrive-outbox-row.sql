UPDATE outbox SET state = 'pending', attempts = 0, due_at = :#${variable.now}, error = NULL,
    failed_since = NULL, failed_at = NULL, strikes = 0
WHERE id = :#${variable.outboxId} AND state = 'parked'
