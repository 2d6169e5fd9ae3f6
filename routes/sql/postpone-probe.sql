UPDATE dialing_pause SET probe_at = :#${variable.probeAt}, failed_probes = failed_probes + 1 WHERE scope = 'retell' AND NOT trial
