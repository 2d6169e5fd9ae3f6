-- Writes the rows (a JSON array, one object per row, keys once each): new ones are added, known ones are replaced by
-- a higher version; a repeat or an older version changes nothing.
-- key: request_id
MERGE INTO requests t
USING (
  SELECT GET_PATH(f.value,'request_id')::VARCHAR AS request_id,
         GET_PATH(f.value,'version')::BIGINT AS version,
         GET_PATH(f.value,'parent_request_id')::VARCHAR AS parent_request_id,
         GET_PATH(f.value,'state')::VARCHAR AS state,
         GET_PATH(f.value,'final')::BOOLEAN AS final,
         GET_PATH(f.value,'outcome')::VARCHAR AS outcome,
         GET_PATH(f.value,'reason_code')::VARCHAR AS reason_code,
         GET_PATH(f.value,'reason_message')::VARCHAR AS reason_message,
         GET_PATH(f.value,'reason_rule')::VARCHAR AS reason_rule,
         GET_PATH(f.value,'to_number')::VARCHAR AS to_number,
         GET_PATH(f.value,'from_number')::VARCHAR AS from_number,
         GET_PATH(f.value,'agent_id')::VARCHAR AS agent_id,
         GET_PATH(f.value,'contact_id')::VARCHAR AS contact_id,
         GET_PATH(f.value,'campaign')::VARCHAR AS campaign,
         GET_PATH(f.value,'purpose')::VARCHAR AS purpose,
         GET_PATH(f.value,'timezone')::VARCHAR AS timezone,
         GET_PATH(f.value,'not_before')::TIMESTAMP_TZ AS not_before,
         GET_PATH(f.value,'expires_at')::TIMESTAMP_TZ AS expires_at,
         GET_PATH(f.value,'actor')::VARCHAR AS actor,
         GET_PATH(f.value,'metadata') AS metadata,
         GET_PATH(f.value,'dynamic_variables') AS dynamic_variables,
         GET_PATH(f.value,'created_at')::TIMESTAMP_TZ AS created_at,
         GET_PATH(f.value,'updated_at')::TIMESTAMP_TZ AS updated_at,
         GET_PATH(f.value,'local_timezone')::VARCHAR AS local_timezone
  FROM (SELECT PARSE_JSON(:?rows) AS doc) j, LATERAL FLATTEN(INPUT => j.doc) f
) s
ON t.request_id = s.request_id
WHEN MATCHED AND s.version > t.version THEN UPDATE SET
  version = s.version, parent_request_id = s.parent_request_id, state = s.state, final = s.final,
  outcome = s.outcome, reason_code = s.reason_code, reason_message = s.reason_message,
  reason_rule = s.reason_rule, to_number = s.to_number, from_number = s.from_number, agent_id = s.agent_id,
  contact_id = s.contact_id, campaign = s.campaign, purpose = s.purpose, timezone = s.timezone,
  not_before = s.not_before, expires_at = s.expires_at, actor = s.actor, metadata = s.metadata,
  dynamic_variables = s.dynamic_variables, created_at = s.created_at, updated_at = s.updated_at,
  local_timezone = s.local_timezone
WHEN NOT MATCHED THEN INSERT
  (request_id, version, parent_request_id, state, final, outcome, reason_code, reason_message, reason_rule,
   to_number, from_number, agent_id, contact_id, campaign, purpose, timezone, not_before, expires_at, actor,
   metadata, dynamic_variables, created_at, updated_at, local_timezone)
  VALUES
  (s.request_id, s.version, s.parent_request_id, s.state, s.final, s.outcome, s.reason_code, s.reason_message,
   s.reason_rule, s.to_number, s.from_number, s.agent_id, s.contact_id, s.campaign, s.purpose, s.timezone,
   s.not_before, s.expires_at, s.actor, s.metadata, s.dynamic_variables, s.created_at, s.updated_at,
   s.local_timezone)
