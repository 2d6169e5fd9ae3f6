-- Requests on their way to the call processor that go before this one. What was queued longer ago may have lost its message
-- for a while, and holds up nobody.
SELECT COUNT(*) AS queued FROM request r
WHERE r.state = 'queued' AND r.updated_at > :#${variable.queuedAfter} AND r.request_id < :#${variable.requestId}
