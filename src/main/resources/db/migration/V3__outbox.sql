-- One event that its collector can not take, told from a collector that is away. One text for H2 and PostgreSQL, as in V1.

-- The first and the last failure in a row, and how many of them count against the row itself: its sink refused it, or took
-- another stream's row since the failure before.
ALTER TABLE outbox ADD COLUMN failed_since TIMESTAMP WITH TIME ZONE;
ALTER TABLE outbox ADD COLUMN failed_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE outbox ADD COLUMN strikes INTEGER NOT NULL DEFAULT 0;
-- What a sink has taken since a moment.
CREATE INDEX outbox_delivered ON outbox (sink, delivered_at);
