SELECT s.began_at, s.swept_until FROM sweep s WHERE s.name = 'retell'
