-- Parks a row that has just failed, once it is itself to blame often enough or has failed for too long.
UPDATE outbox SET state = 'parked'
WHERE id = :#${variable.outboxId} AND state = 'pending' AND lease_id IS NULL
    AND failed_at = CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE)
    AND (strikes >= CAST(:#${variable.mostStrikes} AS INTEGER)
        OR failed_since <= CAST(:#${variable.failedBefore} AS TIMESTAMP WITH TIME ZONE))
