-- The later entry wins, but never shortens the one that is there: without an end it stays so until it is removed.
UPDATE contact SET
    do_not_call = TRUE,
    do_not_call_until = CAST(:#${variable.optOutUntil} AS TIMESTAMP WITH TIME ZONE),
    do_not_call_source = CAST(:#${variable.optOutSource} AS VARCHAR),
    do_not_call_reason = CAST(:#${variable.optOutReason} AS VARCHAR)
WHERE contact_id = :#${variable.optOutContact}
    AND (do_not_call = FALSE
        OR CAST(:#${variable.optOutUntil} AS TIMESTAMP WITH TIME ZONE) IS NULL
        OR do_not_call_until <= CAST(:#${variable.optOutUntil} AS TIMESTAMP WITH TIME ZONE))
