SELECT d.code, d.failed_probes, d.trial, d.trial_request_id, d.probe_at,
    CASE WHEN NOT d.trial AND d.probe_at <= :#${variable.now} THEN TRUE ELSE FALSE END AS probe_due,
    CASE WHEN d.trial AND d.trial_request_id IS NULL THEN TRUE ELSE FALSE END AS trial_open
FROM dialing_pause d WHERE d.scope = 'retell'
