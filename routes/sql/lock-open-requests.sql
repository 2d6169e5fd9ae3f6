-- The requests of some numbers, and of their contact, that have not ended; locked until the transaction ends.
SELECT r.request_id, r.state FROM request r
WHERE (r.to_number IN (:#in:${variable.optOutNumbersOrNone}) OR r.contact_id = CAST(:#${variable.optOutContact} AS VARCHAR))
    AND r.state IN ('accepted', 'scheduled', 'queued', 'held', 'calling', 'unknown')
ORDER BY r.request_id
FOR UPDATE
