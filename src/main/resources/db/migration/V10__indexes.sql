-- The reschedule that created a request is looked up whenever a request is cancelled. One text for H2 and PostgreSQL, as in V1.
CREATE INDEX task_created_request ON task (created_request_id);
-- The tasks that wait for somebody are counted several times a minute.
CREATE INDEX task_state ON task (state, type);
-- The calls that Retell told of are listed newest first.
CREATE INDEX phone_call_created ON phone_call (created_at, call_id);
