-- The dial on trial shows that Retell takes calls again.
DELETE FROM dialing_pause WHERE scope = 'retell' AND trial_request_id = :#${variable.requestId}
