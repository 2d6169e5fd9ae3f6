# The answer of GET /api/v1/dialing: what pauses dialing, the lines, the pace and what waits. Input is the row of the pace.
def present: with_entries(select(.value != null));
def masked: .[0:5] + "•••" + .[-2:];

(variable("pausesText") | fromjson) as $pauses
| (variable("waitingText") | fromjson) as $waiting
| {
    paused: any($pauses[]; .scope == "all" or .scope == "retell"),
    pauses: ($pauses | map({
      scope: (.scope | split("/")[0]),
      campaign: (if .scope | startswith("campaign/") then .scope[9:] else null end),
      from_number: (if .scope | startswith("from_number/") then .scope[12:] | masked else null end),
      code, reason, actor, paused_at, probe_at
    } | present)),
    lines: {limit: .line_limit, in_use: (variable("liveAttempts") | tonumber)},
    calls_per_second: (variable("callsPerSecond") | tonumber),
    next_dial_at: .next_free_at,
    blocked_until: (if .is_blocked then .blocked_until else null end),
    waiting: ($waiting | map({state, reason: .reason_code, requests} | present))
  }
| present
| tojson
