UPDATE outbox SET payload = :#${variable.outboxPayload} WHERE id = :#${variable.outboxId}
