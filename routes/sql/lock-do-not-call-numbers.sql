-- Those of the numbers that are on the list now, locked in the order in which all transactions lock them.
SELECT p.number FROM person p
WHERE p.number IN (:#in:${variable.optOutNumbersOrNone})
    AND p.do_not_call = TRUE AND (p.do_not_call_until IS NULL OR p.do_not_call_until > :#${variable.now})
ORDER BY p.number
FOR UPDATE
