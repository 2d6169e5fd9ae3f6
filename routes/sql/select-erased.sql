-- Whether the person in a call was erased, known by the call or by the request that asked for it.
SELECT CASE WHEN EXISTS (
        SELECT 1 FROM phone_call c WHERE c.call_id = CAST(:#${variable.callId} AS VARCHAR) AND c.erased_at IS NOT NULL)
    OR EXISTS (
        SELECT 1 FROM request r WHERE r.request_id = CAST(:#${variable.requestId} AS VARCHAR) AND r.erased_at IS NOT NULL)
    THEN 'true' ELSE 'false' END AS erased
