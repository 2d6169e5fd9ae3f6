-- Whether the person is on the do-not-call list, and when consent was revoked, by number and by contact_id.
SELECT p.number, CAST(NULL AS VARCHAR) AS contact_id, p.do_not_call, p.do_not_call_until, p.do_not_call_source,
    p.do_not_call_reason, p.consent_revoked_at, p.created_at
FROM person p
JOIN privacy_subject s ON s.work_id = :#${variable.workId} AND s.kind = 'number' AND s.id = p.number
UNION ALL
SELECT CAST(NULL AS VARCHAR), c.contact_id, c.do_not_call, c.do_not_call_until, c.do_not_call_source,
    c.do_not_call_reason, c.consent_revoked_at, c.created_at
FROM contact c
JOIN privacy_subject s ON s.work_id = :#${variable.workId} AND s.kind = 'contact' AND s.id = c.contact_id
