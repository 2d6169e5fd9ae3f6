-- Takes or renews the lease when it is free, lapsed or already ours.
UPDATE lease SET owner = :#${variable.replica}, until = :#${variable.leaseUntil}
WHERE name = :#${variable.leaseName} AND (owner = :#${variable.replica} OR until < :#${variable.now})
