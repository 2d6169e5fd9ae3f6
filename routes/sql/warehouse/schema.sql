-- The tables of the warehouse: one text for Snowflake and for the embedded H2 (there after prelude-h2.sql). Every
-- statement may run again. Times are UTC. A column that is added later goes to the end of its table here and into an
-- ALTER TABLE ... ADD COLUMN IF NOT EXISTS at the end of this file, and into the table's routes/sql/warehouse-*.sql.
-- Snowflake does not enforce primary keys: the statements that write keep them.

CREATE TABLE IF NOT EXISTS requests (
  request_id        VARCHAR(36)  NOT NULL COMMENT 'Call request, UUIDv7',
  version           BIGINT       NOT NULL COMMENT 'Rises with each change of the request; the row holds the highest one seen',
  parent_request_id VARCHAR(36)           COMMENT 'The request that this one reschedules',
  state             VARCHAR(32)           COMMENT 'accepted, scheduled, queued, held, calling, unknown, done, cancelled, expired or rejected',
  final             BOOLEAN               COMMENT 'True when the state is never left again',
  outcome           VARCHAR(32)           COMMENT 'What the call achieved: completed, voicemail, not_reached or failed',
  reason_code       VARCHAR(128)          COMMENT 'Why the request is in this state, as the API contract enumerates it',
  reason_message    VARCHAR               COMMENT 'The reason in words',
  reason_rule       VARCHAR(256)          COMMENT 'The rule that decided',
  to_number         VARCHAR(32)           COMMENT 'Number called, E.164. Personal data',
  from_number       VARCHAR(32)           COMMENT 'Number shown to the person called, E.164',
  agent_id          VARCHAR(128)          COMMENT 'Retell agent',
  contact_id        VARCHAR(256)          COMMENT 'The person, in the terms of the system that asked for the call',
  campaign          VARCHAR(256)          COMMENT 'Campaign, as given with the request',
  purpose           VARCHAR(256)          COMMENT 'Purpose, as given with the request',
  timezone          VARCHAR(64)           COMMENT 'Time zone of the person called, IANA name, as given with the request',
  not_before        TIMESTAMP_TZ          COMMENT 'Not dialed before this time',
  expires_at        TIMESTAMP_TZ          COMMENT 'Not dialed after this time',
  actor             VARCHAR(128)          COMMENT 'Name of the API key that asked for the call',
  metadata          VARIANT               COMMENT 'JSON object, as given with the request',
  dynamic_variables VARIANT               COMMENT 'JSON object of strings that the agent was given. May hold personal data',
  created_at        TIMESTAMP_TZ          COMMENT 'When the request was accepted',
  updated_at        TIMESTAMP_TZ          COMMENT 'When this version was made',
  local_timezone    VARCHAR(64)           COMMENT 'Time zone whose clock the person lives by: timezone, else a zone of the number where all of them keep one clock; NULL where that is not known',
  PRIMARY KEY (request_id)
);
COMMENT ON TABLE requests IS 'One row per call request, in its latest version';

CREATE TABLE IF NOT EXISTS attempts (
  request_id           VARCHAR(36)   NOT NULL COMMENT 'Call request',
  attempt              BIGINT        NOT NULL COMMENT 'Number of the attempt within its request, from 1',
  version              BIGINT        NOT NULL COMMENT 'Rises with each change of the attempt; the row holds the highest one seen',
  state                VARCHAR(32)            COMMENT 'dialing, unknown, dialed, in_progress, ended, analyzed or refused',
  call_id              VARCHAR(128)           COMMENT 'Retell call; NULL while none is known and when the dial was refused',
  policy_row           VARCHAR(128)           COMMENT 'Row of the policy table that allowed the attempt',
  outcome              VARCHAR(32)            COMMENT 'completed, voicemail, not_reached or failed',
  disconnection_reason VARCHAR(128)           COMMENT 'How the call ended, in the words of Retell',
  duration_ms          BIGINT                 COMMENT 'Length of the call in milliseconds',
  cost_usd             NUMBER(18,6)           COMMENT 'What the call cost, in US dollars',
  refusal_code         VARCHAR(128)           COMMENT 'Why Retell did not take the call; no phone rang',
  dialing_at           TIMESTAMP_TZ           COMMENT 'When dialing was decided',
  dialed_at            TIMESTAMP_TZ           COMMENT 'When it was known that the call was placed',
  started_at           TIMESTAMP_TZ           COMMENT 'When the call connected',
  ended_at             TIMESTAMP_TZ           COMMENT 'When the call ended',
  analyzed_at          TIMESTAMP_TZ           COMMENT 'When the analysis of the call arrived',
  updated_at           TIMESTAMP_TZ           COMMENT 'When this version was made',
  transcript           VARCHAR                COMMENT 'Transcript as text. Personal data',
  summary              VARCHAR                COMMENT 'Summary of the call. Personal data',
  user_sentiment       VARCHAR(64)            COMMENT 'Positive, Negative, Neutral or Unknown, by the analysis',
  call_successful      BOOLEAN                COMMENT 'Whether the agent reached its goal, by the analysis',
  in_voicemail         BOOLEAN                COMMENT 'Whether the call reached a voicemail, by the analysis',
  custom_analysis      VARIANT                COMMENT 'JSON object of the fields that the agent is told to extract. Personal data',
  recording_url        VARCHAR                COMMENT 'Link to the recording at Retell. Personal data',
  PRIMARY KEY (request_id, attempt)
);
COMMENT ON TABLE attempts IS 'One row per attempt to place a call, in its latest version';

CREATE TABLE IF NOT EXISTS call_events (
  call_id        VARCHAR(128) NOT NULL COMMENT 'Retell call',
  event          VARCHAR(200) NOT NULL COMMENT 'call_started, call_ended, call_analyzed or another event of Retell',
  request_id     VARCHAR(36)           COMMENT 'Call request; NULL for a call that nobody requested',
  attempt        BIGINT                COMMENT 'Number of the attempt within its request',
  received_at    TIMESTAMP_TZ NOT NULL COMMENT 'When the event was received',
  payload_sha256 VARCHAR(64)  NOT NULL COMMENT 'SHA-256 of the body as received, hexadecimal; zeros where the call was asked for',
  direction      VARCHAR(16)           COMMENT 'outbound or inbound',
  payload        VARIANT               COMMENT 'JSON object: the call as the event told it. Personal data',
  duration_ms    BIGINT                COMMENT 'Length of the call in milliseconds, as this event told it',
  cost_usd       NUMBER(18,6)          COMMENT 'What the call had cost so far, in US dollars, as this event told it',
  PRIMARY KEY (call_id, event, payload_sha256)
);
COMMENT ON TABLE call_events IS 'One row per event received from Retell, and one more where it told the same event with other content; rows never change, but that the payload goes when its time is over or the person is erased';

CREATE TABLE IF NOT EXISTS tasks (
  task_id    VARCHAR(64) NOT NULL COMMENT 'Task',
  version    BIGINT      NOT NULL COMMENT 'Rises with each change of the task; the row holds the highest one seen',
  type       VARCHAR(64)          COMMENT 'field-writeback, reschedule-call, incoming-call or another type',
  state      VARCHAR(32)          COMMENT 'open, needs_review, done, failed, superseded or deleted',
  request_id VARCHAR(36)          COMMENT 'Call request that the task is about',
  call_id    VARCHAR(128)         COMMENT 'Retell call that the task is about',
  contact_id VARCHAR(256)         COMMENT 'The person, in the terms of the system that asked for the call',
  actor      VARCHAR(128)         COMMENT 'Name of the API key, or the agent, that made the task',
  reason     VARCHAR              COMMENT 'Why the task was made or is in this state, in words',
  fields     VARIANT              COMMENT 'JSON object: what was asked for. May hold personal data',
  result     VARIANT              COMMENT 'JSON object: what came of it. May hold personal data',
  due_at     TIMESTAMP_TZ         COMMENT 'When the task is due',
  created_at TIMESTAMP_TZ         COMMENT 'When the task was made',
  updated_at TIMESTAMP_TZ         COMMENT 'When this version was made',
  PRIMARY KEY (task_id)
);
COMMENT ON TABLE tasks IS 'One row per business task, in its latest version';

CREATE TABLE IF NOT EXISTS activity (
  event_id   VARCHAR(64)  NOT NULL COMMENT 'Id of the activity event, UUIDv5: a repeat has the same one',
  type       VARCHAR(128)          COMMENT 'Type of the event, such as voice_ai.call.completed',
  event_name VARCHAR(128)          COMMENT 'Name of the event, such as Call completed',
  subject    VARCHAR(128)          COMMENT 'request_id, or call_id for a call that nobody requested',
  source     VARCHAR(128)          COMMENT 'Which part of the system sent the event',
  request_id VARCHAR(36)           COMMENT 'Call request; NULL for a call that nobody requested',
  attempt    BIGINT                COMMENT 'Number of the attempt within its request',
  call_id    VARCHAR(128)          COMMENT 'Retell call',
  state      VARCHAR(32)           COMMENT 'State of the request when the event was made',
  outcome    VARCHAR(32)           COMMENT 'completed, voicemail, not_reached or failed',
  event_at   TIMESTAMP_TZ NOT NULL COMMENT 'When it happened',
  data       VARIANT               COMMENT 'JSON object: the data of the event; no number and no transcript',
  PRIMARY KEY (event_id)
);
COMMENT ON TABLE activity IS 'One row per activity event (ABT) sent; rows never change, but that the data goes when the person is erased';

ALTER TABLE requests ADD COLUMN IF NOT EXISTS local_timezone VARCHAR(64) COMMENT 'Time zone whose clock the person lives by: timezone, else a zone of the number where all of them keep one clock; NULL where that is not known';
ALTER TABLE call_events ADD COLUMN IF NOT EXISTS duration_ms BIGINT COMMENT 'Length of the call in milliseconds, as this event told it';
ALTER TABLE call_events ADD COLUMN IF NOT EXISTS cost_usd NUMBER(18,6) COMMENT 'What the call had cost so far, in US dollars, as this event told it';
