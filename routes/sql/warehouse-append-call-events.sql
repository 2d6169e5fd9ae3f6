-- Adds the rows (a JSON array, one object per row, keys once each) that are not there yet; a repeat adds none.
-- Repeats are looked for only from the oldest received_at of the rows (second bind) on: that spares Snowflake the older
-- partitions.
-- key: call_id, event, payload_sha256
-- oldest: received_at
INSERT INTO call_events (call_id, event, request_id, attempt, received_at, payload_sha256, direction, payload,
  duration_ms, cost_usd)
SELECT s.call_id, s.event, s.request_id, s.attempt, s.received_at, s.payload_sha256, s.direction, s.payload,
  s.duration_ms, s.cost_usd
FROM (
  SELECT GET_PATH(f.value,'call_id')::VARCHAR AS call_id,
         GET_PATH(f.value,'event')::VARCHAR AS event,
         GET_PATH(f.value,'request_id')::VARCHAR AS request_id,
         GET_PATH(f.value,'attempt')::BIGINT AS attempt,
         GET_PATH(f.value,'received_at')::TIMESTAMP_TZ AS received_at,
         GET_PATH(f.value,'payload_sha256')::VARCHAR AS payload_sha256,
         GET_PATH(f.value,'direction')::VARCHAR AS direction,
         GET_PATH(f.value,'payload') AS payload,
         GET_PATH(f.value,'duration_ms')::BIGINT AS duration_ms,
         GET_PATH(f.value,'cost_usd')::NUMBER(18,6) AS cost_usd
  FROM (SELECT PARSE_JSON(:?rows) AS doc) j, LATERAL FLATTEN(INPUT => j.doc) f
) s
WHERE NOT EXISTS (
  SELECT 1 FROM call_events e
  WHERE e.call_id = s.call_id AND e.event = s.event AND e.payload_sha256 = s.payload_sha256
    AND e.received_at >= CAST(:?oldest AS TIMESTAMP_TZ)
)
