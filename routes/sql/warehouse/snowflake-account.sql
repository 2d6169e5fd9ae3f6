-- A fresh Snowflake account made ready: database, schema, compute, a role that can only write what the system writes, a
-- role for analysts, and the service user. Run once as a user that may take SYSADMIN and SECURITYADMIN, followed by the
-- tables and views:
--   cat snowflake-account.sql schema.sql views.sql | snow sql --stdin
-- The service user signs in with a key pair (https://docs.snowflake.com/en/user-guide/key-pair-auth): put the public
-- key, without its first and last line, into RSA_PUBLIC_KEY below.

USE ROLE SYSADMIN;
CREATE DATABASE IF NOT EXISTS voice_ai;
CREATE SCHEMA IF NOT EXISTS voice_ai.calls WITH MANAGED ACCESS;
-- Suspends a minute after the last flush; WAREHOUSE_FLUSH_INTERVAL decides how often it is woken (docs/warehouse.md).
CREATE WAREHOUSE IF NOT EXISTS voice_ai_load
  WAREHOUSE_SIZE = XSMALL AUTO_SUSPEND = 60 AUTO_RESUME = TRUE INITIALLY_SUSPENDED = TRUE
  STATEMENT_TIMEOUT_IN_SECONDS = 300 STATEMENT_QUEUED_TIMEOUT_IN_SECONDS = 120;

USE ROLE SECURITYADMIN;
CREATE ROLE IF NOT EXISTS voice_ai_writer;
CREATE ROLE IF NOT EXISTS voice_ai_analyst;
GRANT ROLE voice_ai_writer TO ROLE SYSADMIN;
GRANT ROLE voice_ai_analyst TO ROLE SYSADMIN;

GRANT USAGE ON DATABASE voice_ai TO ROLE voice_ai_writer;
GRANT USAGE ON SCHEMA voice_ai.calls TO ROLE voice_ai_writer;
GRANT USAGE ON WAREHOUSE voice_ai_load TO ROLE voice_ai_writer;
-- MERGE reads, inserts and updates; nothing is deleted, truncated or altered.
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA voice_ai.calls TO ROLE voice_ai_writer;
GRANT SELECT, INSERT, UPDATE ON FUTURE TABLES IN SCHEMA voice_ai.calls TO ROLE voice_ai_writer;
GRANT SELECT ON ALL VIEWS IN SCHEMA voice_ai.calls TO ROLE voice_ai_writer;
GRANT SELECT ON FUTURE VIEWS IN SCHEMA voice_ai.calls TO ROLE voice_ai_writer;

-- Analysts bring their own compute. The views hold no personal data, the tables do: grant those one by one.
GRANT USAGE ON DATABASE voice_ai TO ROLE voice_ai_analyst;
GRANT USAGE ON SCHEMA voice_ai.calls TO ROLE voice_ai_analyst;
GRANT SELECT ON ALL VIEWS IN SCHEMA voice_ai.calls TO ROLE voice_ai_analyst;
GRANT SELECT ON FUTURE VIEWS IN SCHEMA voice_ai.calls TO ROLE voice_ai_analyst;

CREATE USER IF NOT EXISTS voice_ai_service
  TYPE = SERVICE
  RSA_PUBLIC_KEY = '<public key>'
  DEFAULT_ROLE = voice_ai_writer
  DEFAULT_WAREHOUSE = voice_ai_load
  DEFAULT_NAMESPACE = voice_ai.calls;
GRANT ROLE voice_ai_writer TO USER voice_ai_service;

-- The tables and views belong to SYSADMIN.
USE ROLE SYSADMIN;
USE SCHEMA voice_ai.calls;
