SELECT s.swept_until FROM sweep s WHERE s.name = 'retell'
