-- What pauses dialing: `operator`, or the refusal by Retell.
SELECT d.code, COUNT(*) AS pauses FROM dialing_pause d GROUP BY d.code
