-- What it takes to forget a person, and to show what is kept of one. One text for H2 and PostgreSQL, as in V1.

-- Whoever was erased has no number any more; what is left of the request is counted and names nobody.
ALTER TABLE request ALTER COLUMN to_number DROP NOT NULL;
ALTER TABLE attempt ALTER COLUMN to_number DROP NOT NULL;
-- Set when the person behind a request or a call was erased: what is told of it later is kept without what it says.
ALTER TABLE request ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE phone_call ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE;
CREATE INDEX phone_call_to ON phone_call (to_number);
CREATE INDEX phone_call_from ON phone_call (from_number);
CREATE INDEX audit_at ON audit (at);

-- What belongs to one person, while an erasure (work_id is its task), an export or a round of the retention is at work:
-- number, contact, request, call, task. Nothing of it outlives the work.
CREATE TABLE privacy_subject (
    work_id VARCHAR(36)  NOT NULL,
    kind    VARCHAR(16)  NOT NULL,
    id      VARCHAR(128) NOT NULL,
    -- Of a call: when Retell had deleted it.
    gone_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (work_id, kind, id)
);

-- How far an erasure is in each store, until it is through with all of them.
CREATE TABLE erasure_store (
    task_id  VARCHAR(36) NOT NULL,
    store    VARCHAR(16) NOT NULL,
    state    VARCHAR(16) NOT NULL,
    receipt  VARCHAR(1024),
    failures INTEGER     NOT NULL DEFAULT 0,
    due_at   TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (task_id, store)
);

-- The wish not to be called of whoever was erased: by a hash of the number or contact_id that only the key can make.
CREATE TABLE opt_out_hash (
    hash               VARCHAR(64) NOT NULL PRIMARY KEY,
    do_not_call        BOOLEAN     NOT NULL,
    do_not_call_until  TIMESTAMP WITH TIME ZONE,
    do_not_call_source VARCHAR(64),
    consent_revoked_at TIMESTAMP WITH TIME ZONE,
    updated_at         TIMESTAMP WITH TIME ZONE NOT NULL
);
