-- Those of the persons who were erased that are on the list now.
SELECT h.hash, h.do_not_call_until, h.do_not_call_source, h.consent_revoked_at
FROM opt_out_hash h
WHERE h.hash IN (:#in:${variable.optOutHashesOrNone})
    AND h.do_not_call = TRUE AND (h.do_not_call_until IS NULL OR h.do_not_call_until > :#${variable.now})
