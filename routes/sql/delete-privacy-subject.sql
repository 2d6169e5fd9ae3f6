DELETE FROM privacy_subject WHERE work_id = :#${variable.workId}
