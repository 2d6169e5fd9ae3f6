-- An operator's resume of everything ends our own pause too: Retell's next answer decides.
DELETE FROM dialing_pause
WHERE scope = :#${variable.pauseScope} OR (scope = 'retell' AND CAST(:#${variable.pauseScope} AS VARCHAR) = 'all')
