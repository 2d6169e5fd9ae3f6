-- Reports, one text for Snowflake and for the embedded H2. Days are UTC days. An attempt has reached a person when the
-- call connected (started_at) and it was neither a voicemail nor counted as not reached.

CREATE OR REPLACE VIEW funnel AS
SELECT CAST(r.created_at AS DATE) AS day_utc,
       r.campaign,
       COUNT(*) AS requested,
       COUNT(CASE WHEN a.dialed = 1 THEN 1 END) AS dialed,
       COUNT(CASE WHEN a.reached = 1 THEN 1 END) AS reached,
       COUNT(CASE WHEN r.outcome = 'completed' THEN 1 END) AS completed
FROM requests r
LEFT JOIN (
  SELECT request_id,
         MAX(CASE WHEN call_id IS NOT NULL THEN 1 ELSE 0 END) AS dialed,
         MAX(CASE WHEN started_at IS NOT NULL AND COALESCE(outcome, 'completed') NOT IN ('voicemail', 'not_reached')
                  THEN 1 ELSE 0 END) AS reached
  FROM attempts
  GROUP BY request_id
) a ON a.request_id = r.request_id
GROUP BY CAST(r.created_at AS DATE), r.campaign;
COMMENT ON VIEW funnel IS 'Requests by day accepted and campaign: requested, dialed, reached, completed';

CREATE OR REPLACE VIEW outcomes_by_day AS
SELECT CAST(r.updated_at AS DATE) AS day_utc,
       r.campaign,
       r.state,
       r.outcome,
       r.reason_code,
       COUNT(*) AS requests
FROM requests r
WHERE r.final
GROUP BY CAST(r.updated_at AS DATE), r.campaign, r.state, r.outcome, r.reason_code;
COMMENT ON VIEW outcomes_by_day IS 'Closed requests by day closed, campaign, final state, outcome and reason';

CREATE OR REPLACE VIEW answer_rate_by_hour AS
SELECT r.campaign,
       HOUR(CONVERT_TIMEZONE(r.timezone, a.dialing_at)) AS local_hour,
       COUNT(*) AS dialed,
       COUNT(CASE WHEN a.started_at IS NOT NULL AND COALESCE(a.outcome, 'completed') NOT IN ('voicemail', 'not_reached')
                  THEN 1 END) AS reached,
       ROUND(100.0 * COUNT(CASE WHEN a.started_at IS NOT NULL
                                 AND COALESCE(a.outcome, 'completed') NOT IN ('voicemail', 'not_reached')
                                THEN 1 END) / COUNT(*), 1) AS reached_percent
FROM attempts a
JOIN requests r ON r.request_id = a.request_id
WHERE a.call_id IS NOT NULL
GROUP BY r.campaign, HOUR(CONVERT_TIMEZONE(r.timezone, a.dialing_at));
COMMENT ON VIEW answer_rate_by_hour IS 'Placed attempts and the share that reached a person, by hour of the day where the person lives; NULL without a time zone';

CREATE OR REPLACE VIEW time_to_dial AS
SELECT CAST(x.wanted_at AS DATE) AS day_utc,
       x.campaign,
       COUNT(*) AS dialed,
       MEDIAN(x.waited_ms) AS median_ms,
       MAX(x.waited_ms) AS longest_ms
FROM (
  SELECT r.campaign,
         GREATEST(r.created_at, COALESCE(r.not_before, r.created_at)) AS wanted_at,
         DATEDIFF('MILLISECOND', GREATEST(r.created_at, COALESCE(r.not_before, r.created_at)), a.dialing_at) AS waited_ms
  FROM requests r
  JOIN attempts a ON a.request_id = r.request_id AND a.attempt = 1
) x
GROUP BY CAST(x.wanted_at AS DATE), x.campaign;
COMMENT ON VIEW time_to_dial IS 'Milliseconds from the moment a call was wanted (accepted, or not_before if later) to its first dial';

CREATE OR REPLACE VIEW task_turnaround AS
SELECT CAST(t.created_at AS DATE) AS day_utc,
       t.type,
       t.state,
       COUNT(*) AS tasks,
       MEDIAN(CASE WHEN t.state IN ('done', 'failed', 'superseded', 'deleted')
                   THEN DATEDIFF('MILLISECOND', t.created_at, t.updated_at) END) AS median_ms
FROM tasks t
GROUP BY CAST(t.created_at AS DATE), t.type, t.state;
COMMENT ON VIEW task_turnaround IS 'Tasks by day made, type and state; for closed ones the median of milliseconds until they were closed';

CREATE OR REPLACE VIEW cost_by_day AS
SELECT CAST(a.dialing_at AS DATE) AS day_utc,
       r.campaign,
       COUNT(*) AS attempts,
       SUM(a.duration_ms) AS duration_ms,
       SUM(a.cost_usd) AS cost_usd,
       SUM(a.cost_usd) / NULLIF(COUNT(CASE WHEN a.outcome = 'completed' THEN 1 END), 0) AS cost_usd_per_completed
FROM attempts a
LEFT JOIN requests r ON r.request_id = a.request_id
GROUP BY CAST(a.dialing_at AS DATE), r.campaign;
COMMENT ON VIEW cost_by_day IS 'Attempts, milliseconds of call and US dollars by day dialed and campaign';
