-- What was revoked stays revoked: being callable again is not consent.
UPDATE opt_out_hash SET do_not_call = FALSE, do_not_call_until = NULL, do_not_call_source = NULL,
    updated_at = :#${variable.now}
WHERE hash IN (:#in:${variable.optOutHashesOrNone})
    AND do_not_call = TRUE AND (do_not_call_until IS NULL OR do_not_call_until > :#${variable.now})
