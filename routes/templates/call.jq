# The answer of GET /api/v1/calls/{request_id}: a request's row with its attempts and its timeline.
def present: with_entries(select(.value != null));
def reason: if .reason_code
  then {code: .reason_code, message: .reason_message, rule: .reason_rule, until: .reason_until} | present
  else null end;
def consent: if .consent_basis
  then {basis: .consent_basis, obtained_at: .consent_obtained_at, reference: .consent_reference} | present
  else null end;
def object: if . then fromjson else null end;

def attempt: {
  attempt, state, call_id, policy_row, outcome, disconnection_reason, duration_ms, cost_usd,
  refusal: (if .refusal_code then {code: .refusal_code, message: .refusal_message} | present else null end),
  dialing_at, dialed_at, started_at, ended_at, analyzed_at, summary, transcript, recording_url,
  analysis: ({user_sentiment, call_successful, in_voicemail, custom_analysis_data: (.custom_analysis | object)}
    | present | if . == {} then null else . end)
} | present;

def entry: {at, kind, state, attempt, call_id, actor, reason: reason, detail} | present;

{
  request_id, parent_request_id, state, final: .is_final, outcome, reason: reason,
  to_number, from_number, agent_id, contact_id, campaign, purpose, consent: consent, timezone, not_before, expires_at,
  dynamic_variables: (.dynamic_variables | object), metadata: (.metadata | object), created_at, updated_at,
  attempts: (variable("attemptsText") | fromjson | map(attempt)),
  timeline: (variable("timelineText") | fromjson | map(entry))
} | present | tojson
