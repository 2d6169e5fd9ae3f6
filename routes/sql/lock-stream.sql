-- A stream, locked until the transaction ends.
SELECT s.stream FROM stream s WHERE s.stream = :#${variable.stream} FOR UPDATE
