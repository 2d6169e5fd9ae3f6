INSERT INTO audit (id, at, actor, action, subject, detail)
VALUES (:#${variable.auditId}, :#${variable.now}, :#${variable.actor}, :#${variable.auditAction}, :#${variable.auditSubject},
    :#${variable.auditDetail})
