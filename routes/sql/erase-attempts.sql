UPDATE attempt SET to_number = NULL, contact_id = NULL, refusal_message = NULL, version = version + 1,
    updated_at = :#${variable.now}
WHERE request_id IN (SELECT s.id FROM privacy_subject s WHERE s.work_id = :#${variable.workId} AND s.kind = 'request')
