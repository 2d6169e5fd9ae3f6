UPDATE pace SET next_free_at = :#${variable.nextFreeAt} WHERE name = 'retell'
