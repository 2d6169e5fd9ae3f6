INSERT INTO timeline (stream, seq, at, kind, state, attempt, call_id, actor, reason_code, reason_message, reason_rule,
    reason_until, detail)
SELECT s.stream, s.last_seq, CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE), CAST(:#${variable.timelineKind} AS VARCHAR),
    CAST(:#${variable.timelineState} AS VARCHAR), CAST(:#${variable.attempt} AS INTEGER), CAST(:#${variable.callId} AS VARCHAR),
    CAST(:#${variable.actor} AS VARCHAR), CAST(:#${variable.reasonCode} AS VARCHAR),
    CAST(:#${variable.reasonMessage} AS VARCHAR), CAST(:#${variable.reasonRule} AS VARCHAR),
    CAST(:#${variable.reasonUntil} AS TIMESTAMP WITH TIME ZONE), CAST(:#${variable.timelineDetail} AS VARCHAR(1024))
FROM stream s
WHERE s.stream = :#${variable.stream}
