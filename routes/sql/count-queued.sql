-- Requests that are on their way to the call processor already.
SELECT COUNT(*) AS queued FROM request r WHERE r.state = 'queued'
