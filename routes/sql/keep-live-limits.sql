-- What get-concurrency said.
UPDATE pace SET live_limit = CAST(:#${variable.liveLimit} AS INTEGER), live_foreign = CAST(:#${variable.liveForeign} AS INTEGER),
    live_read_at = :#${variable.now}
WHERE name = 'retell'
