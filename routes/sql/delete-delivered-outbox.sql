DELETE FROM outbox WHERE state = 'delivered' AND delivered_at <= :#${variable.deliveredBefore}
