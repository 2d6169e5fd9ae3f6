-- Business tasks: how each came to its state, and whether its fields have left for the CRM.

-- A line of the audit trail about a move says from where to where.
ALTER TABLE audit ADD COLUMN from_state VARCHAR(16);
ALTER TABLE audit ADD COLUMN to_state VARCHAR(16);
CREATE INDEX audit_by_subject ON audit (subject);

-- When the fields last left for the CRM, or may have; null while nothing has.
ALTER TABLE task ADD COLUMN pushed_at TIMESTAMP WITH TIME ZONE;
