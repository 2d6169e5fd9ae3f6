-- A pause has ended: the scheduler queues what it held, and the gate looks again.
UPDATE request SET due_at = :#${variable.now} WHERE state = 'held' AND reason_code = 'paused' AND due_at IS NULL
