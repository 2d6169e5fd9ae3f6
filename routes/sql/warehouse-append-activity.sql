-- Adds the rows (a JSON array, one object per row, keys once each) that are not there yet; a repeat adds none.
-- Repeats are looked for only from the oldest event_at of the rows (second bind) on: that spares Snowflake the older
-- partitions.
-- key: event_id
-- oldest: event_at
INSERT INTO activity (event_id, type, event_name, subject, source, request_id, attempt, call_id, state, outcome,
  event_at, data)
SELECT s.event_id, s.type, s.event_name, s.subject, s.source, s.request_id, s.attempt, s.call_id, s.state,
  s.outcome, s.event_at, s.data
FROM (
  SELECT GET_PATH(f.value,'event_id')::VARCHAR AS event_id,
         GET_PATH(f.value,'type')::VARCHAR AS type,
         GET_PATH(f.value,'event_name')::VARCHAR AS event_name,
         GET_PATH(f.value,'subject')::VARCHAR AS subject,
         GET_PATH(f.value,'source')::VARCHAR AS source,
         GET_PATH(f.value,'request_id')::VARCHAR AS request_id,
         GET_PATH(f.value,'attempt')::BIGINT AS attempt,
         GET_PATH(f.value,'call_id')::VARCHAR AS call_id,
         GET_PATH(f.value,'state')::VARCHAR AS state,
         GET_PATH(f.value,'outcome')::VARCHAR AS outcome,
         GET_PATH(f.value,'event_at')::TIMESTAMP_TZ AS event_at,
         GET_PATH(f.value,'data') AS data
  FROM (SELECT PARSE_JSON(:?rows) AS doc) j, LATERAL FLATTEN(INPUT => j.doc) f
) s
WHERE NOT EXISTS (
  SELECT 1 FROM activity e
  WHERE e.event_id = s.event_id AND e.event_at >= CAST(:?oldest AS TIMESTAMP_TZ)
)
