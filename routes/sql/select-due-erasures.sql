-- What is left to do of the erasures, in the stores whose turn it is: the ledger first, since it knows where else to look.
SELECT e.task_id, e.store, e.failures
FROM erasure_store e
WHERE e.state = 'open' AND e.due_at <= :#${variable.now}
    AND (e.store = 'ledger' OR EXISTS (
        SELECT 1 FROM erasure_store l WHERE l.task_id = e.task_id AND l.store = 'ledger' AND l.state = 'done'))
ORDER BY e.task_id, e.store
LIMIT 50
