-- Held for a pause that is over: the scheduler queues them, and the gate looks again.
UPDATE request SET due_at = :#${variable.now}
WHERE state = 'held' AND reason_code = 'paused' AND due_at IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM dialing_pause d
        WHERE d.scope IN ('all', 'retell', 'campaign/' || request.campaign, 'from_number/' || request.from_number))
