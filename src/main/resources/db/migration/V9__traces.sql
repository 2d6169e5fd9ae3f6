-- The trace that a request and what it causes belong to, a W3C traceparent, so that a trace goes on after a wait. It is
-- NULL where traces are off. One text for H2 and PostgreSQL, as in V1.
ALTER TABLE request ADD COLUMN traceparent VARCHAR(55);
ALTER TABLE outbox ADD COLUMN traceparent VARCHAR(55);
