-- Takes what was told about erased calls (a JSON array, one object per call, each once) out of their events; that there
-- were events stays. A repeat changes nothing.
-- key: call_id
MERGE INTO call_events t
USING (
  SELECT GET_PATH(f.value,'call_id')::VARCHAR AS call_id
  FROM (SELECT PARSE_JSON(:?rows) AS doc) j, LATERAL FLATTEN(INPUT => j.doc) f
) s
ON t.call_id = s.call_id
WHEN MATCHED THEN UPDATE SET payload = NULL
