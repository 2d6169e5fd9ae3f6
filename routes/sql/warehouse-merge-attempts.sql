-- Writes the rows (a JSON array, one object per row, keys once each): new ones are added, known ones are replaced by
-- a higher version; a repeat or an older version changes nothing.
-- key: request_id, attempt
MERGE INTO attempts t
USING (
  SELECT GET_PATH(f.value,'request_id')::VARCHAR AS request_id,
         GET_PATH(f.value,'attempt')::BIGINT AS attempt,
         GET_PATH(f.value,'version')::BIGINT AS version,
         GET_PATH(f.value,'state')::VARCHAR AS state,
         GET_PATH(f.value,'call_id')::VARCHAR AS call_id,
         GET_PATH(f.value,'policy_row')::VARCHAR AS policy_row,
         GET_PATH(f.value,'outcome')::VARCHAR AS outcome,
         GET_PATH(f.value,'disconnection_reason')::VARCHAR AS disconnection_reason,
         GET_PATH(f.value,'duration_ms')::BIGINT AS duration_ms,
         GET_PATH(f.value,'cost_usd')::NUMBER(18,6) AS cost_usd,
         GET_PATH(f.value,'refusal_code')::VARCHAR AS refusal_code,
         GET_PATH(f.value,'dialing_at')::TIMESTAMP_TZ AS dialing_at,
         GET_PATH(f.value,'dialed_at')::TIMESTAMP_TZ AS dialed_at,
         GET_PATH(f.value,'started_at')::TIMESTAMP_TZ AS started_at,
         GET_PATH(f.value,'ended_at')::TIMESTAMP_TZ AS ended_at,
         GET_PATH(f.value,'analyzed_at')::TIMESTAMP_TZ AS analyzed_at,
         GET_PATH(f.value,'updated_at')::TIMESTAMP_TZ AS updated_at,
         GET_PATH(f.value,'transcript')::VARCHAR AS transcript,
         GET_PATH(f.value,'summary')::VARCHAR AS summary,
         GET_PATH(f.value,'user_sentiment')::VARCHAR AS user_sentiment,
         GET_PATH(f.value,'call_successful')::BOOLEAN AS call_successful,
         GET_PATH(f.value,'in_voicemail')::BOOLEAN AS in_voicemail,
         GET_PATH(f.value,'custom_analysis') AS custom_analysis,
         GET_PATH(f.value,'recording_url')::VARCHAR AS recording_url
  FROM (SELECT PARSE_JSON(:?rows) AS doc) j, LATERAL FLATTEN(INPUT => j.doc) f
) s
ON t.request_id = s.request_id AND t.attempt = s.attempt
WHEN MATCHED AND s.version > t.version THEN UPDATE SET
  version = s.version, state = s.state, call_id = s.call_id, policy_row = s.policy_row, outcome = s.outcome,
  disconnection_reason = s.disconnection_reason, duration_ms = s.duration_ms, cost_usd = s.cost_usd,
  refusal_code = s.refusal_code, dialing_at = s.dialing_at, dialed_at = s.dialed_at, started_at = s.started_at,
  ended_at = s.ended_at, analyzed_at = s.analyzed_at, updated_at = s.updated_at, transcript = s.transcript,
  summary = s.summary, user_sentiment = s.user_sentiment, call_successful = s.call_successful,
  in_voicemail = s.in_voicemail, custom_analysis = s.custom_analysis, recording_url = s.recording_url
WHEN NOT MATCHED THEN INSERT
  (request_id, attempt, version, state, call_id, policy_row, outcome, disconnection_reason, duration_ms,
   cost_usd, refusal_code, dialing_at, dialed_at, started_at, ended_at, analyzed_at, updated_at, transcript,
   summary, user_sentiment, call_successful, in_voicemail, custom_analysis, recording_url)
  VALUES
  (s.request_id, s.attempt, s.version, s.state, s.call_id, s.policy_row, s.outcome, s.disconnection_reason,
   s.duration_ms, s.cost_usd, s.refusal_code, s.dialing_at, s.dialed_at, s.started_at, s.ended_at,
   s.analyzed_at, s.updated_at, s.transcript, s.summary, s.user_sentiment, s.call_successful, s.in_voicemail,
   s.custom_analysis, s.recording_url)
