-- Our own number stays, as well as what is counted: how long, at what cost, with which end.
UPDATE phone_call SET
    to_number = CASE WHEN direction = 'inbound' THEN to_number ELSE NULL END,
    from_number = CASE WHEN direction = 'outbound' THEN from_number ELSE NULL END,
    recording_url = NULL, transcript = NULL, summary = NULL, custom_analysis = NULL,
    erased_at = CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE), version = version + 1,
    updated_at = CAST(:#${variable.now} AS TIMESTAMP WITH TIME ZONE)
WHERE call_id IN (SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'call')
