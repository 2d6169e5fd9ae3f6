INSERT INTO outbox (id, sink, stream, seq, kind, payload, due_at, created_at, traceparent)
SELECT CAST(:#${variable.outboxId} AS VARCHAR), CAST(:#${variable.outboxSink} AS VARCHAR), s.stream, s.last_seq,
    CAST(:#${variable.outboxKind} AS VARCHAR), CAST(:#${variable.outboxPayload} AS VARCHAR),
    CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE), CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE),
    CAST(:#${variable.traceparent} AS VARCHAR)
FROM stream s
WHERE s.stream = :#${variable.stream}
