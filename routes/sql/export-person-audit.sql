-- A subject of the audit trail is the kind and the id, such as number/… or request/….
SELECT a.at, a.actor, a.action, a.subject, a.detail
FROM audit a
JOIN privacy_subject s ON s.work_id = :#${variable.workId} AND a.subject = s.kind || '/' || s.id
ORDER BY a.id
