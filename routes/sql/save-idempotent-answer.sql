UPDATE idempotency SET status = CAST(:#${variable.answerStatus} AS INTEGER), location = CAST(:#${variable.answerLocation} AS VARCHAR),
    response = :#${variable.answer}
WHERE scope = :#${variable.idempotencyScope} AND idempotency_key = :#${variable.idempotencyKey}
