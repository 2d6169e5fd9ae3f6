-- What the call path needs to know before a dial: who may not be called, how often somebody was, and whether dialing is
-- paused. One text for H2 and PostgreSQL, as in V1.

-- Consent that was given before this moment has been taken back by an opt-out; removing the opt-out does not give it again.
ALTER TABLE person ADD COLUMN consent_revoked_at TIMESTAMP WITH TIME ZONE;

-- One row per contact_id, as person is one per number: an opt-out by contact_id, and a lock for the limits per contact.
CREATE TABLE contact (
    contact_id         VARCHAR(128) NOT NULL PRIMARY KEY,
    do_not_call        BOOLEAN      NOT NULL DEFAULT FALSE,
    do_not_call_until  TIMESTAMP WITH TIME ZONE,
    do_not_call_source VARCHAR(64),
    do_not_call_reason VARCHAR(256),
    consent_revoked_at TIMESTAMP WITH TIME ZONE,
    created_at         TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at         TIMESTAMP WITH TIME ZONE NOT NULL
);
INSERT INTO contact (contact_id, created_at, updated_at)
SELECT r.contact_id, MIN(r.created_at), MIN(r.created_at) FROM request r WHERE r.contact_id IS NOT NULL GROUP BY r.contact_id;

-- The limits count attempts of a number and of a contact over days, across requests.
ALTER TABLE attempt ADD COLUMN contact_id VARCHAR(128);
UPDATE attempt SET contact_id = (SELECT r.contact_id FROM request r WHERE r.request_id = attempt.request_id);
CREATE INDEX attempt_number_dialing ON attempt (to_number, dialing_at);
CREATE INDEX attempt_contact_dialing ON attempt (contact_id, dialing_at);
-- Retell's answer is checked against the calls that are known already.
CREATE INDEX attempt_call ON attempt (call_id);

-- Dialing does not start while a row fits: all, campaign/<campaign> or from_number/<number> by an operator, retell by
-- ourselves, when Retell refuses our key, our payment, or our own number and agent.
CREATE TABLE dialing_pause (
    scope     VARCHAR(160) NOT NULL PRIMARY KEY,
    code      VARCHAR(64)  NOT NULL,
    reason    VARCHAR(512) NOT NULL,
    actor     VARCHAR(64)  NOT NULL,
    paused_at TIMESTAMP WITH TIME ZONE NOT NULL,
    -- Only of retell: when Retell is asked next; how often that led nowhere; and, once it answers, the one request whose
    -- dial shows whether dialing may go on.
    probe_at      TIMESTAMP WITH TIME ZONE,
    failed_probes INTEGER NOT NULL DEFAULT 0,
    trial         BOOLEAN NOT NULL DEFAULT FALSE,
    trial_request_id VARCHAR(36)
);

-- Retell asked for silence until then (Retry-After).
ALTER TABLE pace ADD COLUMN blocked_until TIMESTAMP WITH TIME ZONE;
-- What get-concurrency last said: how many lines outbound calls may use, and how many of them others than us use.
ALTER TABLE pace ADD COLUMN live_limit INTEGER;
ALTER TABLE pace ADD COLUMN live_foreign INTEGER;
ALTER TABLE pace ADD COLUMN live_read_at TIMESTAMP WITH TIME ZONE;

-- A request that waits for another attempt is calling again when an earlier attempt, given up as unknown, proves to be
-- placed after all.
INSERT INTO transition (machine, from_state, to_state) VALUES
    ('request', 'scheduled', 'calling'),
    ('request', 'held', 'calling');
