-- An attempt to the same number of which nobody knows yet whether, and as which call, it was placed.
SELECT a.request_id, a.no FROM attempt a
WHERE a.to_number = :#${variable.calledNumber} AND a.state IN ('dialing', 'unknown')
LIMIT 1
