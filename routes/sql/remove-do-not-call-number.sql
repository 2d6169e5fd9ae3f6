-- What was revoked stays revoked: being callable again is not consent.
UPDATE person SET do_not_call = FALSE, do_not_call_until = NULL, do_not_call_source = NULL, do_not_call_reason = NULL,
    updated_at = :#${variable.now}
WHERE number = :#${variable.toNumber}
