UPDATE privacy_subject SET gone_at = :#${variable.now}
WHERE work_id = :#${variable.workId} AND kind = 'call' AND id = :#${variable.callId}
