-- What a person corrected is a push of its own, perhaps for another contact.
UPDATE task SET contact_id = CAST(:#${variable.taskContactId} AS VARCHAR), pushed_at = NULL
WHERE task_id = :#${variable.taskId}
