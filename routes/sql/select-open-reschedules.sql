-- Open reschedules of the same contact, or of the same number where no contact is known: a newer one supersedes them.
SELECT t.task_id, t.created_request_id FROM task t
JOIN request r ON r.request_id = t.created_request_id
WHERE t.type = 'reschedule-call' AND t.state = 'open'
    AND (r.contact_id = CAST(:#${variable.contactId} AS VARCHAR)
        OR (CAST(:#${variable.contactId} AS VARCHAR) IS NULL AND r.to_number = :#${variable.toNumber}))
ORDER BY t.task_id
FOR UPDATE
