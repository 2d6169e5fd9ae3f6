SELECT d.scope, d.code, d.reason, d.actor, d.paused_at, d.probe_at, d.failed_probes FROM dialing_pause d ORDER BY d.scope
