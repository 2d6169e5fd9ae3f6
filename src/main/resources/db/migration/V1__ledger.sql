-- The ledger: the operational truth. One text for H2 (MODE=PostgreSQL) and PostgreSQL: no JSON types, no sequences,
-- no engine's own functions. JSON is VARCHAR, times are bound by the application, ids are UUIDv7.

-- The allowed moves of both machines. Every move is one conditional UPDATE that reads this table.
CREATE TABLE transition (
    machine    VARCHAR(16) NOT NULL,
    from_state VARCHAR(16) NOT NULL,
    to_state   VARCHAR(16) NOT NULL,
    PRIMARY KEY (machine, from_state, to_state)
);

-- A request that no attempt is live for moves freely among the four waiting states, or ends.
INSERT INTO transition (machine, from_state, to_state)
SELECT 'request', f.state, t.state
FROM (VALUES ('accepted'), ('scheduled'), ('queued'), ('held')) AS f (state)
CROSS JOIN (VALUES ('scheduled'), ('queued'), ('held'), ('cancelled'), ('expired'), ('rejected')) AS t (state);

INSERT INTO transition (machine, from_state, to_state) VALUES
    ('request', 'queued', 'calling'),
    ('request', 'calling', 'done'),
    ('request', 'calling', 'unknown'),
    ('request', 'calling', 'scheduled'),
    ('request', 'calling', 'held'),
    -- A person, or a late webhook, settles what was given up.
    ('request', 'unknown', 'calling'),
    ('request', 'unknown', 'done'),
    ('request', 'unknown', 'scheduled'),
    ('request', 'unknown', 'expired'),
    -- Forward only; states may be skipped, since webhooks get lost and overtake each other.
    ('attempt', 'dialing', 'unknown'),
    ('attempt', 'dialing', 'dialed'),
    ('attempt', 'dialing', 'in_progress'),
    ('attempt', 'dialing', 'ended'),
    ('attempt', 'dialing', 'analyzed'),
    ('attempt', 'dialing', 'refused'),
    ('attempt', 'unknown', 'dialed'),
    ('attempt', 'unknown', 'in_progress'),
    ('attempt', 'unknown', 'ended'),
    ('attempt', 'unknown', 'analyzed'),
    ('attempt', 'dialed', 'in_progress'),
    ('attempt', 'dialed', 'ended'),
    ('attempt', 'dialed', 'analyzed'),
    ('attempt', 'in_progress', 'ended'),
    ('attempt', 'in_progress', 'analyzed'),
    ('attempt', 'ended', 'analyzed');

-- One row per number. Locked by every claim, so that two requests for one number never dial side by side unseen.
CREATE TABLE person (
    number             VARCHAR(16) NOT NULL PRIMARY KEY,
    do_not_call        BOOLEAN     NOT NULL DEFAULT FALSE,
    do_not_call_until  TIMESTAMP WITH TIME ZONE,
    do_not_call_source VARCHAR(64),
    do_not_call_reason VARCHAR(256),
    created_at         TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at         TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE TABLE request (
    request_id          VARCHAR(36)  NOT NULL PRIMARY KEY,
    parent_request_id   VARCHAR(36),
    state               VARCHAR(16)  NOT NULL,
    outcome             VARCHAR(16),
    reason_code         VARCHAR(64),
    reason_message      VARCHAR(512),
    reason_rule         VARCHAR(128),
    reason_until        TIMESTAMP WITH TIME ZONE,
    to_number           VARCHAR(16)  NOT NULL,
    from_number         VARCHAR(16)  NOT NULL,
    agent_id            VARCHAR(128) NOT NULL,
    contact_id          VARCHAR(128),
    campaign            VARCHAR(128),
    purpose             VARCHAR(64),
    consent_basis       VARCHAR(64),
    consent_obtained_at TIMESTAMP WITH TIME ZONE,
    consent_reference   VARCHAR(256),
    timezone            VARCHAR(64),
    not_before          TIMESTAMP WITH TIME ZONE,
    expires_at          TIMESTAMP WITH TIME ZONE NOT NULL,
    dynamic_variables   VARCHAR(65536),
    metadata            VARCHAR(65536),
    actor               VARCHAR(64)  NOT NULL,
    -- The number of the next attempt: a queue message that names another one is stale.
    next_attempt        INTEGER      NOT NULL DEFAULT 1,
    -- The row of the policy table that caused the next attempt.
    policy_row          VARCHAR(64)  NOT NULL,
    -- Set when the request is rescheduled: the new request takes its place.
    retries_stopped     BOOLEAN      NOT NULL DEFAULT FALSE,
    -- When the scheduler looks at a scheduled or held request again; NULL while something else will wake it.
    due_at              TIMESTAMP WITH TIME ZONE,
    version             BIGINT       NOT NULL DEFAULT 1,
    created_at          TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at          TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX request_due ON request (state, due_at);
CREATE INDEX request_number ON request (to_number);
CREATE INDEX request_contact ON request (contact_id);
CREATE INDEX request_updated ON request (updated_at);

-- One row per create-phone-call: at most one is ever sent for it.
CREATE TABLE attempt (
    request_id           VARCHAR(36)  NOT NULL REFERENCES request (request_id),
    no                   INTEGER      NOT NULL,
    state                VARCHAR(16)  NOT NULL,
    to_number            VARCHAR(16)  NOT NULL,
    call_id              VARCHAR(128),
    policy_row           VARCHAR(64)  NOT NULL,
    refusal_code         VARCHAR(64),
    refusal_message      VARCHAR(512),
    outcome              VARCHAR(16),
    disconnection_reason VARCHAR(64),
    -- How many times an unknown attempt was looked up, and when the next look is due; NULL: no further look.
    lookups              INTEGER      NOT NULL DEFAULT 0,
    next_lookup_at       TIMESTAMP WITH TIME ZONE,
    dialing_at           TIMESTAMP WITH TIME ZONE NOT NULL,
    dialed_at            TIMESTAMP WITH TIME ZONE,
    started_at           TIMESTAMP WITH TIME ZONE,
    ended_at             TIMESTAMP WITH TIME ZONE,
    analyzed_at          TIMESTAMP WITH TIME ZONE,
    -- The last time anything was heard of the call: the reconcile route asks about those that have been silent.
    heard_at             TIMESTAMP WITH TIME ZONE NOT NULL,
    version              BIGINT       NOT NULL DEFAULT 1,
    updated_at           TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (request_id, no)
);
CREATE INDEX attempt_state ON attempt (state, dialing_at);
CREATE INDEX attempt_lookup ON attempt (next_lookup_at);
CREATE INDEX attempt_number ON attempt (to_number, state);

-- One row per call at Retell, also for calls that we did not place (inbound, dashboard): those have no request_id.
CREATE TABLE phone_call (
    call_id              VARCHAR(128) NOT NULL PRIMARY KEY,
    request_id           VARCHAR(36),
    attempt              INTEGER,
    direction            VARCHAR(16),
    to_number            VARCHAR(32),
    from_number          VARCHAR(32),
    agent_id             VARCHAR(128),
    call_status          VARCHAR(32),
    disconnection_reason VARCHAR(64),
    started_at           TIMESTAMP WITH TIME ZONE,
    ended_at             TIMESTAMP WITH TIME ZONE,
    duration_ms          BIGINT,
    cost_usd             DECIMAL(14, 6),
    recording_url        VARCHAR(4096),
    transcript           VARCHAR(1048576),
    summary              VARCHAR(65536),
    user_sentiment       VARCHAR(32),
    call_successful      BOOLEAN,
    in_voicemail         BOOLEAN,
    custom_analysis      VARCHAR(262144),
    version              BIGINT       NOT NULL DEFAULT 1,
    created_at           TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at           TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX phone_call_request ON phone_call (request_id, attempt);

-- The primary key is the deduplication: an event's effects happen in the transaction that inserts its row.
CREATE TABLE call_event (
    call_id        VARCHAR(128) NOT NULL,
    event          VARCHAR(64)  NOT NULL,
    request_id     VARCHAR(36),
    attempt        INTEGER,
    source         VARCHAR(16)  NOT NULL,
    received_at    TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at    TIMESTAMP WITH TIME ZONE NOT NULL,
    payload_sha256 VARCHAR(64),
    PRIMARY KEY (call_id, event)
);

-- What became of a request, in commit order. The stream is the request_id, or the call_id of a call that was not ours.
CREATE TABLE timeline (
    stream         VARCHAR(128) NOT NULL,
    seq            BIGINT       NOT NULL,
    at             TIMESTAMP WITH TIME ZONE NOT NULL,
    kind           VARCHAR(32)  NOT NULL,
    state          VARCHAR(32),
    attempt        INTEGER,
    call_id        VARCHAR(128),
    actor          VARCHAR(64),
    reason_code    VARCHAR(64),
    reason_message VARCHAR(512),
    reason_rule    VARCHAR(128),
    reason_until   TIMESTAMP WITH TIME ZONE,
    detail         VARCHAR(1024),
    PRIMARY KEY (stream, seq)
);

CREATE TABLE task (
    task_id    VARCHAR(36)  NOT NULL PRIMARY KEY,
    type       VARCHAR(64)  NOT NULL,
    state      VARCHAR(16)  NOT NULL,
    request_id VARCHAR(36),
    call_id    VARCHAR(128),
    contact_id VARCHAR(128),
    -- The request that the task created (reschedule-call), undone when the task is deleted.
    created_request_id VARCHAR(36),
    fields     VARCHAR(262144),
    result     VARCHAR(262144),
    due_at     TIMESTAMP WITH TIME ZONE,
    actor      VARCHAR(64)  NOT NULL,
    reason     VARCHAR(512),
    version    BIGINT       NOT NULL DEFAULT 1,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX task_request ON task (request_id);
CREATE INDEX task_contact ON task (contact_id, type, state);

-- The counter of each stream; the row's lock makes the order of seq the order of commits.
CREATE TABLE stream (
    stream   VARCHAR(128) NOT NULL PRIMARY KEY,
    last_seq BIGINT       NOT NULL
);

-- What a committed change must cause elsewhere. The sinks are call-requests (SQS #1), abt and warehouse.
CREATE TABLE outbox (
    id           VARCHAR(36)  NOT NULL PRIMARY KEY,
    sink         VARCHAR(32)  NOT NULL,
    stream       VARCHAR(128) NOT NULL,
    seq          BIGINT       NOT NULL,
    kind         VARCHAR(64)  NOT NULL,
    payload      VARCHAR(1048576) NOT NULL,
    state        VARCHAR(16)  NOT NULL DEFAULT 'pending',
    attempts     INTEGER      NOT NULL DEFAULT 0,
    due_at       TIMESTAMP WITH TIME ZONE NOT NULL,
    lease_id     VARCHAR(36),
    lease_until  TIMESTAMP WITH TIME ZONE,
    error        VARCHAR(512),
    created_at   TIMESTAMP WITH TIME ZONE NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    UNIQUE (sink, stream, seq)
);
CREATE INDEX outbox_state ON outbox (sink, state, due_at);
CREATE INDEX outbox_lease ON outbox (lease_id);

-- An ABT event is sent once per (stream, type, cause), whatever repeats.
CREATE TABLE abt (
    stream   VARCHAR(128) NOT NULL,
    type     VARCHAR(64)  NOT NULL,
    cause    VARCHAR(128) NOT NULL,
    event_id VARCHAR(36)  NOT NULL,
    at       TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (stream, type, cause)
);

-- A route that only one replica may run holds the row of its name.
CREATE TABLE lease (
    name  VARCHAR(64) NOT NULL PRIMARY KEY,
    owner VARCHAR(36) NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL
);

-- The pace of dialing: its lock is held while the slots in use are counted and the next free moment is taken.
CREATE TABLE pace (
    name         VARCHAR(32) NOT NULL PRIMARY KEY,
    next_free_at TIMESTAMP WITH TIME ZONE NOT NULL
);
INSERT INTO pace (name, next_free_at) VALUES ('retell', TIMESTAMP WITH TIME ZONE '2000-01-01 00:00:00+00:00');

-- The answer that a repeated POST gets again. Scope: key name, method, path.
CREATE TABLE idempotency (
    scope       VARCHAR(512) NOT NULL,
    idempotency_key VARCHAR(256) NOT NULL,
    body_sha256 VARCHAR(64)  NOT NULL,
    status      INTEGER,
    location    VARCHAR(512),
    response    VARCHAR(65536),
    created_at  TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (scope, idempotency_key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

-- Who did what, append-only.
CREATE TABLE audit (
    id      VARCHAR(36)  NOT NULL PRIMARY KEY,
    at      TIMESTAMP WITH TIME ZONE NOT NULL,
    actor   VARCHAR(64)  NOT NULL,
    action  VARCHAR(64)  NOT NULL,
    subject VARCHAR(256) NOT NULL,
    detail  VARCHAR(1024)
);
