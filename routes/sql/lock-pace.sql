-- Locks the pace of dialing until the transaction ends.
SELECT p.name FROM pace p WHERE p.name = 'retell' FOR UPDATE
