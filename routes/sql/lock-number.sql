-- The person behind a number, locked until the transaction ends. Where a request is known, lock-person finds its person.
SELECT p.number FROM person p WHERE p.number = :#${variable.toNumber} FOR UPDATE
