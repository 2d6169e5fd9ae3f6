SELECT o.id, o.stream, o.seq, o.kind, o.payload, o.attempts, o.strikes
FROM outbox o
WHERE o.lease_id = :#${variable.leaseId} AND o.state = 'pending'
ORDER BY o.id
