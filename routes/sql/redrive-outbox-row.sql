UPDATE outbox SET state = 'pending', attempts = 0, due_at = :#${variable.now}, error = NULL
WHERE id = :#${variable.outboxId} AND state = 'parked'
