-- The dial on trial did not show that Retell takes calls again: the next probe comes later than the last one did.
UPDATE dialing_pause SET code = :#${variable.dialCode}, reason = :#${variable.dialMessage}, probe_at = :#${variable.probeAt},
    failed_probes = failed_probes + 1, trial = FALSE, trial_request_id = NULL
WHERE scope = 'retell' AND trial_request_id = :#${variable.requestId}
