-- One row per (call, event): its effects happen in the transaction that inserts it.
INSERT INTO call_event (call_id, event, request_id, attempt, source, received_at, recorded_at, payload_sha256)
VALUES (:#${variable.callId}, :#${variable.event}, :#${variable.requestId}, CAST(:#${variable.attempt} AS INTEGER),
    :#${variable.eventSource}, :#${variable.receivedAt}, :#${variable.now}, :#${variable.payloadSha256})
ON CONFLICT DO NOTHING
