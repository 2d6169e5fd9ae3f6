# The answer of POST /api/v1/privacy/exports: everything that is kept of one person. Input is the rows of the requests.
def present: with_entries(select(.value != null));
def rows($name): variable($name) | fromjson;
def object: if . then fromjson else null end;
def reason: if .reason_code
  then {code: .reason_code, message: .reason_message, rule: .reason_rule, until: .reason_until} | present
  else null end;
def consent: if .consent_basis
  then {basis: .consent_basis, obtained_at: .consent_obtained_at, reference: .consent_reference} | present
  else null end;
def of($key): . as $rows | reduce $rows[] as $row ({}; .[$row[$key]] += [$row]);
def entry: {at, kind, state, attempt, call_id, actor, reason: reason, detail} | present;
def attempt: {
  attempt, state, call_id, policy_row, outcome, disconnection_reason,
  refusal: (if .refusal_code then {code: .refusal_code, message: .refusal_message} | present else null end),
  dialing_at, dialed_at, started_at, ended_at, analyzed_at
} | present;

. as $requests
| rows("subjectsText") as $subjects
| (rows("attemptsText") | of("request_id")) as $attempts
| (rows("timelineText") | of("stream")) as $timeline
| (rows("eventsText") | of("call_id")) as $events
| {
    numbers: ($subjects | map(select(.kind == "number") | .id)),
    contact_ids: ($subjects | map(select(.kind == "contact") | .id)),
    requests: ($requests | map({
      request_id, parent_request_id, state, final: .is_final, outcome, reason: reason, to_number, from_number, agent_id,
      contact_id, campaign, purpose, consent: consent, timezone, not_before, expires_at,
      dynamic_variables: (.dynamic_variables | object), metadata: (.metadata | object), created_at, updated_at,
      attempts: ($attempts[.request_id] // [] | map(attempt)),
      timeline: ($timeline[.request_id] // [] | map(entry))
    } | present)),
    phone_calls: (rows("callsText") | map({
      call_id, request_id, attempt, direction, to_number, from_number, agent_id, call_status, disconnection_reason,
      started_at, ended_at, analyzed_at, duration_ms, cost_usd, summary, transcript, recording_url,
      analysis: ({user_sentiment, call_successful, in_voicemail, custom_analysis_data: (.custom_analysis | object)}
        | present | if . == {} then null else . end),
      events: ($events[.call_id] // [] | map({event, source, received_at})),
      timeline: ($timeline[.call_id] // [] | map(entry)),
      created_at, updated_at
    } | present)),
    tasks: (rows("tasksText") | map({
      task_id, type, state, request_id, call_id, contact_id, actor, reason, fields: (.fields | object),
      result: (.result | object), due_at, created_at, updated_at,
      timeline: ($timeline[.task_id] // [] | map(entry))
    } | present)),
    do_not_call: (rows("optOutsText")
      + (rows("listedHashesText") | map(. + {(if variable("subjectKind") == "number" then "number" else "contact_id" end):
        variable("subjectId"), do_not_call: true})) | map({
      number, contact_id, do_not_call, until: .do_not_call_until, source: .do_not_call_source,
      reason: .do_not_call_reason, consent_revoked_at, since: .created_at
    } | present)),
    audit: rows("auditText") | map(present)
  }
| tojson
