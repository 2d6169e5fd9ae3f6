UPDATE sweep SET swept_until = :#${variable.sweepUntil} WHERE name = 'retell'
