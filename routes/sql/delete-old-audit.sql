DELETE FROM audit WHERE id IN (SELECT a.id FROM audit a WHERE a.at <= :#${variable.auditBefore} LIMIT 500)
