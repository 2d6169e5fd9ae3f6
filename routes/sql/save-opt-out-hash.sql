-- Keeps the wish of whoever is erased. A later erasure of the same person knows better, unless nothing is wished any more.
INSERT INTO opt_out_hash (hash, do_not_call, do_not_call_until, do_not_call_source, consent_revoked_at, updated_at)
VALUES (:#${variable.subjectHash}, CAST(:#${variable.wish[do_not_call]} AS BOOLEAN),
    CAST(:#${variable.wish[do_not_call_until]} AS TIMESTAMP WITH TIME ZONE),
    CAST(:#${variable.wish[do_not_call_source]} AS VARCHAR),
    CAST(:#${variable.wish[consent_revoked_at]} AS TIMESTAMP WITH TIME ZONE), :#${variable.now})
ON CONFLICT DO NOTHING
