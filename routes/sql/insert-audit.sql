INSERT INTO audit (id, at, actor, action, subject, detail, from_state, to_state)
VALUES (:#${variable.auditId}, :#${variable.now}, :#${variable.actor}, :#${variable.auditAction}, :#${variable.auditSubject},
    :#${variable.auditDetail}, :#${variable.auditFrom}, :#${variable.auditTo})
