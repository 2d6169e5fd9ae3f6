-- The persons behind some numbers, locked until the transaction ends, in the order in which all transactions lock them.
SELECT p.number FROM person p WHERE p.number IN (:#in:${variable.optOutNumbersOrNone}) ORDER BY p.number FOR UPDATE
