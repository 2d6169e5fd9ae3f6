-- Takes the data of erased requests and calls (a JSON array, one object per subject, each once) out of their activity;
-- what is counted stands in columns and stays. A repeat changes nothing.
-- key: subject
MERGE INTO activity t
USING (
  SELECT GET_PATH(f.value,'subject')::VARCHAR AS subject
  FROM (SELECT PARSE_JSON(:?rows) AS doc) j, LATERAL FLATTEN(INPUT => j.doc) f
) s
ON t.subject = s.subject
WHEN MATCHED THEN UPDATE SET data = NULL
