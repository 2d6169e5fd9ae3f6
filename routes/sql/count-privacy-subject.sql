SELECT COUNT(*) AS found FROM privacy_subject s WHERE s.work_id = :#${variable.workId}
