INSERT INTO lease (name, owner, until) VALUES (:#${variable.leaseName}, :#${variable.replica}, :#${variable.leaseUntil})
ON CONFLICT DO NOTHING
