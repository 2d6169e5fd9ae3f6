-- The views for analysts: one text for Snowflake and for the embedded H2 (which gets it without the comments on columns,
-- since it takes none in a view). Each is also a report of GET /api/v1/reports, with its comments. Days are UTC days.
-- A call counts as dialed when Retell told its call_id, and as having reached a person when it completed, or connected and
-- was neither a voicemail nor counted as not reached.

CREATE OR REPLACE VIEW funnel (
  day_utc   COMMENT 'UTC day on which the request was accepted',
  campaign  COMMENT 'Campaign, as given with the request; NULL without one',
  requested COMMENT 'Number of requests; one that reschedules another is counted as well',
  dialed    COMMENT 'Number of them for which a call was placed, however often',
  reached   COMMENT 'Number of them for which a call reached a person',
  completed COMMENT 'Number of them with the outcome completed'
) AS
SELECT CAST(r.created_at AS DATE),
       r.campaign,
       COUNT(*),
       -- A person who settles an unknown request gives an outcome and no call_id.
       COUNT(CASE WHEN a.dialed = 1 OR r.outcome IN ('completed', 'voicemail', 'not_reached') THEN 1 END),
       COUNT(CASE WHEN a.reached = 1 OR r.outcome = 'completed' THEN 1 END),
       COUNT(CASE WHEN r.outcome = 'completed' THEN 1 END)
FROM requests r
LEFT JOIN (
  SELECT request_id,
         MAX(CASE WHEN call_id IS NOT NULL THEN 1 ELSE 0 END) AS dialed,
         MAX(CASE WHEN outcome = 'completed' OR started_at IS NOT NULL AND (outcome IS NULL OR outcome = 'failed')
                  THEN 1 ELSE 0 END) AS reached
  FROM attempts
  GROUP BY request_id
) a ON a.request_id = r.request_id
GROUP BY CAST(r.created_at AS DATE), r.campaign;
COMMENT ON VIEW funnel IS 'How far requests came, by day accepted and campaign: requested, dialed, reached, completed';

CREATE OR REPLACE VIEW outcomes_by_day (
  day_utc     COMMENT 'UTC day on which the request was closed',
  campaign    COMMENT 'Campaign, as given with the request; NULL without one',
  state       COMMENT 'Final state: done, cancelled, expired or rejected',
  outcome     COMMENT 'What the call achieved: completed, voicemail, not_reached or failed; NULL where there was none',
  reason_code COMMENT 'Why the request ended so, as the API contract enumerates it',
  requests    COMMENT 'Number of requests'
) AS
SELECT CAST(r.updated_at AS DATE),
       r.campaign,
       r.state,
       r.outcome,
       r.reason_code,
       COUNT(*)
FROM requests r
WHERE r.final
GROUP BY CAST(r.updated_at AS DATE), r.campaign, r.state, r.outcome, r.reason_code;
COMMENT ON VIEW outcomes_by_day IS 'Closed requests, by day closed, campaign, final state, outcome and reason';

CREATE OR REPLACE VIEW answer_rate_by_hour (
  campaign        COMMENT 'Campaign, as given with the request; NULL without one',
  local_hour      COMMENT 'Hour of the day at which it was dialed, 0 to 23, where the person lives; NULL where that is not known',
  dialed          COMMENT 'Number of calls placed, retries included',
  reached         COMMENT 'Number of them that reached a person',
  reached_percent COMMENT 'Share of them that reached a person, in percent, to one decimal'
) AS
SELECT x.campaign,
       x.local_hour,
       COUNT(*),
       SUM(x.reached),
       ROUND(100.0 * SUM(x.reached) / COUNT(*), 1)
FROM (
  SELECT r.campaign,
         HOUR(CONVERT_TIMEZONE(COALESCE(r.local_timezone, r.timezone), a.dialing_at)) AS local_hour,
         CASE WHEN a.outcome = 'completed' OR a.started_at IS NOT NULL AND (a.outcome IS NULL OR a.outcome = 'failed')
              THEN 1 ELSE 0 END AS reached
  FROM attempts a
  JOIN requests r ON r.request_id = a.request_id
  WHERE a.call_id IS NOT NULL
) x
GROUP BY x.campaign, x.local_hour;
COMMENT ON VIEW answer_rate_by_hour IS 'Placed calls and the share that reached a person, by campaign and by the hour where the person lives';

CREATE OR REPLACE VIEW time_to_dial (
  day_utc    COMMENT 'UTC day on which the call was wanted: accepted, or not_before if that is later',
  campaign   COMMENT 'Campaign, as given with the request; NULL without one',
  dialed     COMMENT 'Number of requests for which a call was placed',
  median_ms  COMMENT 'Milliseconds from the moment the call was wanted to its first placed dial: the median',
  p95_ms     COMMENT 'Milliseconds: 95 of 100 were dialed within this',
  longest_ms COMMENT 'Milliseconds: the longest'
) AS
SELECT CAST(x.wanted_at AS DATE),
       x.campaign,
       COUNT(*),
       CAST(ROUND(MEDIAN(x.waited_ms)) AS BIGINT),
       CAST(ROUND(PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY x.waited_ms)) AS BIGINT),
       MAX(x.waited_ms)
FROM (
  SELECT r.campaign,
         GREATEST(r.created_at, COALESCE(r.not_before, r.created_at)) AS wanted_at,
         DATEDIFF('MILLISECOND', GREATEST(r.created_at, COALESCE(r.not_before, r.created_at)), a.dialing_at) AS waited_ms
  FROM requests r
  JOIN (
    SELECT request_id, MIN(dialing_at) AS dialing_at
    FROM attempts
    WHERE call_id IS NOT NULL
    GROUP BY request_id
  ) a ON a.request_id = r.request_id
) x
GROUP BY CAST(x.wanted_at AS DATE), x.campaign;
COMMENT ON VIEW time_to_dial IS 'How long requests waited for their first placed dial, calling windows included, by day wanted and campaign';

CREATE OR REPLACE VIEW task_turnaround (
  day_utc   COMMENT 'UTC day on which the task was made',
  type      COMMENT 'Type of the task',
  state     COMMENT 'State: open, needs_review, done, failed, superseded or deleted',
  tasks     COMMENT 'Number of tasks',
  median_ms COMMENT 'Milliseconds from making the task to closing it: the median; NULL for open and needs_review'
) AS
SELECT CAST(t.created_at AS DATE),
       t.type,
       t.state,
       COUNT(*),
       CAST(ROUND(MEDIAN(CASE WHEN t.state IN ('done', 'failed', 'superseded', 'deleted')
                              THEN DATEDIFF('MILLISECOND', t.created_at, t.updated_at) END)) AS BIGINT)
FROM tasks t
GROUP BY CAST(t.created_at AS DATE), t.type, t.state;
COMMENT ON VIEW task_turnaround IS 'Tasks and how long the closed ones took, by day made, type and state';

CREATE OR REPLACE VIEW cost_by_day (
  day_utc                COMMENT 'UTC day on which the call was dialed; of one that nobody requested, on which it was first heard of',
  campaign               COMMENT 'Campaign, as given with the request; NULL without one',
  origin                 COMMENT 'requested: placed for a request; inbound: somebody called; elsewhere: placed past this system',
  calls                  COMMENT 'Number of calls',
  completed              COMMENT 'Number of requested calls with the outcome completed',
  duration_ms            COMMENT 'Length of the calls together, in milliseconds',
  calls_with_cost        COMMENT 'Number of calls whose cost is known',
  cost_usd               COMMENT 'What these cost together, in US dollars; NULL where no cost is known',
  cost_usd_per_completed COMMENT 'US dollars for each completed call, those that did not complete included; NULL where none did'
) AS
SELECT CAST(x.dialed_at AS DATE),
       r.campaign,
       x.origin,
       COUNT(*),
       COUNT(CASE WHEN x.outcome = 'completed' THEN 1 END),
       SUM(x.duration_ms),
       COUNT(x.cost_usd),
       SUM(x.cost_usd),
       ROUND(SUM(x.cost_usd) / NULLIF(COUNT(CASE WHEN x.outcome = 'completed' THEN 1 END), 0), 6)
FROM (
  SELECT a.request_id, 'requested' AS origin, a.dialing_at AS dialed_at, a.outcome, a.duration_ms, a.cost_usd
  FROM attempts a
  WHERE a.call_id IS NOT NULL
  UNION ALL
  -- Calls that no attempt has: nobody requested them, or they came of a dial that rang twice.
  SELECT MAX(e.request_id),
         CASE WHEN MAX(e.request_id) IS NOT NULL THEN 'requested'
              WHEN MAX(e.direction) = 'inbound' THEN 'inbound' ELSE 'elsewhere' END,
         MIN(e.received_at), CAST(NULL AS VARCHAR), MAX(e.duration_ms), MAX(e.cost_usd)
  FROM call_events e
  LEFT JOIN attempts a ON a.call_id = e.call_id
  WHERE a.call_id IS NULL
  GROUP BY e.call_id
) x
LEFT JOIN requests r ON r.request_id = x.request_id
GROUP BY CAST(x.dialed_at AS DATE), r.campaign, x.origin;
COMMENT ON VIEW cost_by_day IS 'Calls, their length and their cost, by day dialed, campaign and origin; calls that nobody requested included';
