-- Held for want of a slot: the oldest first, at most as many as may dial within the next two seconds.
SELECT r.request_id, r.traceparent FROM request r
WHERE r.state = 'held' AND r.reason_code = 'capacity'
ORDER BY r.request_id
LIMIT CAST(:#${variable.freeSlots} AS INTEGER)
