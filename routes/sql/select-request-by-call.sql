-- The request behind a call, by request_id or call_id; of a call whose first event is still on its way, Retell's answer to
-- the dial has told the call_id. A custom function may be called in a call that we did not place: then the metadata
-- that Retell signed names the request that the call is about, where the person in the call is that of the request.
-- None where the person was erased: a task would bring them back.
SELECT r.*, CASE WHEN r.state IN ('done', 'cancelled', 'expired', 'rejected') THEN TRUE ELSE FALSE END AS is_final
FROM request r
WHERE r.request_id = COALESCE(CAST(:#${variable.requestId} AS VARCHAR),
    (SELECT c.request_id FROM phone_call c WHERE c.call_id = CAST(:#${variable.callId} AS VARCHAR)),
    (SELECT MIN(a.request_id) FROM attempt a WHERE a.call_id = CAST(:#${variable.callId} AS VARCHAR)),
    (SELECT s.request_id FROM request s
        WHERE s.request_id = CAST(:#${variable.signedRequestId} AS VARCHAR)
            AND s.to_number = CAST(:#${variable.signedNumber} AS VARCHAR)))
    AND r.erased_at IS NULL
