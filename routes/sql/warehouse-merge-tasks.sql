-- Writes the rows (a JSON array, one object per row, keys once each): new ones are added, known ones are replaced by
-- a higher version; a repeat or an older version changes nothing.
-- key: task_id
MERGE INTO tasks t
USING (
  SELECT GET_PATH(f.value,'task_id')::VARCHAR AS task_id,
         GET_PATH(f.value,'version')::BIGINT AS version,
         GET_PATH(f.value,'type')::VARCHAR AS type,
         GET_PATH(f.value,'state')::VARCHAR AS state,
         GET_PATH(f.value,'request_id')::VARCHAR AS request_id,
         GET_PATH(f.value,'call_id')::VARCHAR AS call_id,
         GET_PATH(f.value,'contact_id')::VARCHAR AS contact_id,
         GET_PATH(f.value,'actor')::VARCHAR AS actor,
         GET_PATH(f.value,'reason')::VARCHAR AS reason,
         GET_PATH(f.value,'fields') AS fields,
         GET_PATH(f.value,'result') AS result,
         GET_PATH(f.value,'due_at')::TIMESTAMP_TZ AS due_at,
         GET_PATH(f.value,'created_at')::TIMESTAMP_TZ AS created_at,
         GET_PATH(f.value,'updated_at')::TIMESTAMP_TZ AS updated_at
  FROM (SELECT PARSE_JSON(:?rows) AS doc) j, LATERAL FLATTEN(INPUT => j.doc) f
) s
ON t.task_id = s.task_id
WHEN MATCHED AND s.version > t.version THEN UPDATE SET
  version = s.version, type = s.type, state = s.state, request_id = s.request_id, call_id = s.call_id,
  contact_id = s.contact_id, actor = s.actor, reason = s.reason, fields = s.fields, result = s.result,
  due_at = s.due_at, created_at = s.created_at, updated_at = s.updated_at
WHEN NOT MATCHED THEN INSERT
  (task_id, version, type, state, request_id, call_id, contact_id, actor, reason, fields, result, due_at,
   created_at, updated_at)
  VALUES
  (s.task_id, s.version, s.type, s.state, s.request_id, s.call_id, s.contact_id, s.actor, s.reason, s.fields,
   s.result, s.due_at, s.created_at, s.updated_at)
