-- Retell asked for silence until then (Retry-After). A table of its own: dials queue for the row of pace, and what Retell
-- asked for has to reach every replica before the next of them leaves.
CREATE TABLE dialing_block (
    name          VARCHAR(32) NOT NULL PRIMARY KEY,
    blocked_until TIMESTAMP WITH TIME ZONE
);
INSERT INTO dialing_block (name, blocked_until) SELECT name, blocked_until FROM pace;
ALTER TABLE pace DROP COLUMN blocked_until;
