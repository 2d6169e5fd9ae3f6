-- What Snowflake has and H2 lacks, so that the embedded warehouse runs Snowflake's SQL text. Runs at every start,
-- before schema.sql and views.sql. The one form that no prelude can add, LATERAL FLATTEN, is replaced in
-- dev.voiceai.warehouse.WarehouseTables.
CREATE DOMAIN IF NOT EXISTS VARIANT AS VARCHAR;
CREATE DOMAIN IF NOT EXISTS TIMESTAMP_TZ AS TIMESTAMP(9) WITH TIME ZONE;
CREATE ALIAS IF NOT EXISTS PARSE_JSON FOR 'dev.voiceai.warehouse.H2Functions.parseJson';
CREATE ALIAS IF NOT EXISTS GET_PATH FOR 'dev.voiceai.warehouse.H2Functions.getPath';
CREATE ALIAS IF NOT EXISTS FLATTEN FOR 'dev.voiceai.warehouse.H2Functions.flatten';
CREATE ALIAS IF NOT EXISTS CONVERT_TIMEZONE FOR 'dev.voiceai.warehouse.H2Functions.convertTimezone';
