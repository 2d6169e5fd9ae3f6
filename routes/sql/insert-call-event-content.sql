-- One row per different content: what was told before with the same words is told only once.
INSERT INTO call_event_content (call_id, event, content_sha256, source, received_at, recorded_at)
VALUES (:#${variable.callId}, :#${variable.event}, :#${variable.contentSha256}, :#${variable.eventSource},
    :#${variable.receivedAt}, :#${variable.now})
ON CONFLICT DO NOTHING
