-- The key makes a second order harmless; it's not an error.
INSERT INTO orders (order_id, note) SELECT o.id, 'a;b #{c}' FROM offer o WHERE o.id = :#${variable.orderId} AND o.kind IN (:#in:${variable.offer[kinds]}) ON CONFLICT DO NOTHING
