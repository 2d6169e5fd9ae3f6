INSERT INTO contact (contact_id, created_at, updated_at)
VALUES (:#${variable.optOutContact}, :#${variable.now}, :#${variable.now})
ON CONFLICT DO NOTHING
