-- Those that are on the list now. What was revoked stays revoked: being callable again is not consent.
UPDATE person SET do_not_call = FALSE, do_not_call_until = NULL, do_not_call_source = NULL, do_not_call_reason = NULL,
    updated_at = :#${variable.now}
WHERE number IN (:#in:${variable.optOutNumbersOrNone})
    AND do_not_call = TRUE AND (do_not_call_until IS NULL OR do_not_call_until > :#${variable.now})
