-- What was told of a call more than once, and in which order.

-- How far in its life the event was that told the details (0 any, 1 call_started, 2 call_ended, 3 call_analyzed), and
-- when that one was received: an earlier or older one only fills what is missing.
ALTER TABLE phone_call ADD COLUMN detail_rank INTEGER NOT NULL DEFAULT 0;
ALTER TABLE phone_call ADD COLUMN details_received_at TIMESTAMP WITH TIME ZONE;
-- When Retell was last heard or asked about the call.
ALTER TABLE phone_call ADD COLUMN heard_at TIMESTAMP WITH TIME ZONE;
-- When its call_analyzed was worked on; null while the call is open.
ALTER TABLE phone_call ADD COLUMN analyzed_at TIMESTAMP WITH TIME ZONE;
UPDATE phone_call SET heard_at = updated_at,
    analyzed_at = (SELECT e.recorded_at FROM call_event e WHERE e.call_id = phone_call.call_id AND e.event = 'call_analyzed');
CREATE INDEX phone_call_open ON phone_call (analyzed_at, heard_at);

-- The names of Retell's events are Retell's to choose.
ALTER TABLE call_event ALTER COLUMN event SET DATA TYPE VARCHAR(200);
ALTER TABLE timeline ALTER COLUMN state SET DATA TYPE VARCHAR(200);

-- Each different content of one event of one call, so that a repeat is told from a correction.
CREATE TABLE call_event_content (
    call_id        VARCHAR(128) NOT NULL,
    event          VARCHAR(200) NOT NULL,
    content_sha256 VARCHAR(64)  NOT NULL,
    source         VARCHAR(16)  NOT NULL,
    received_at    TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at    TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (call_id, event, content_sha256)
);

-- From which and up to which start time Retell's list of calls has been compared with the ledger.
CREATE TABLE sweep (
    name        VARCHAR(64) NOT NULL PRIMARY KEY,
    began_at    TIMESTAMP WITH TIME ZONE NOT NULL,
    swept_until TIMESTAMP WITH TIME ZONE NOT NULL
);
