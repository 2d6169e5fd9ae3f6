-- The wish of a person who was erased before, and has come back since: neither entry shortens the other.
UPDATE opt_out_hash SET
    do_not_call_until = CASE
        WHEN NOT do_not_call THEN CAST(:#${variable.wish[do_not_call_until]} AS TIMESTAMP WITH TIME ZONE)
        WHEN CAST(:#${variable.wish[do_not_call]} AS BOOLEAN)
                AND (CAST(:#${variable.wish[do_not_call_until]} AS TIMESTAMP WITH TIME ZONE) IS NULL
                    OR do_not_call_until < CAST(:#${variable.wish[do_not_call_until]} AS TIMESTAMP WITH TIME ZONE))
            THEN CAST(:#${variable.wish[do_not_call_until]} AS TIMESTAMP WITH TIME ZONE)
        ELSE do_not_call_until END,
    do_not_call_source = COALESCE(CAST(:#${variable.wish[do_not_call_source]} AS VARCHAR), do_not_call_source),
    do_not_call = do_not_call OR CAST(:#${variable.wish[do_not_call]} AS BOOLEAN),
    consent_revoked_at = COALESCE(CAST(:#${variable.wish[consent_revoked_at]} AS TIMESTAMP WITH TIME ZONE), consent_revoked_at),
    updated_at = :#${variable.now}
WHERE hash = :#${variable.subjectHash}
