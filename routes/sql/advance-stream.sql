-- Takes the stream's next number; the row lock makes the order of numbers the order of commits.
UPDATE stream SET last_seq = last_seq + 1 WHERE stream = :#${variable.stream}
