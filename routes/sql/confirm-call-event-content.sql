-- A webhook tells what is known only because Retell was asked: of two contents it may be the later one.
UPDATE call_event_content SET source = 'webhook', received_at = :#${variable.receivedAt}
WHERE call_id = :#${variable.callId} AND event = :#${variable.event} AND content_sha256 = :#${variable.contentSha256}
    AND source = 'reconcile'
