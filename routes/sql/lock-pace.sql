SELECT p.next_free_at FROM pace p WHERE p.name = 'retell' FOR UPDATE
