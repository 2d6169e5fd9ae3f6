# The answer of GET /api/v1/phone-calls/{call_id}: what is kept of a call, with the timeline's lines about it.
def present: with_entries(select(.value != null));
def reason: if .reason_code
  then {code: .reason_code, message: .reason_message, rule: .reason_rule, until: .reason_until} | present
  else null end;
def object: if . then fromjson else null end;
def entry: {at, kind, state, attempt, call_id, actor, reason: reason, detail} | present;

{
  call_id, request_id, attempt, direction, to_number, from_number, agent_id, call_status, disconnection_reason,
  started_at, ended_at, analyzed_at, duration_ms, cost_usd, created_at, updated_at, summary, transcript, recording_url,
  analysis: ({user_sentiment, call_successful, in_voicemail, custom_analysis_data: (.custom_analysis | object)}
    | present | if . == {} then null else . end),
  timeline: (variable("timelineText") | fromjson | map(entry))
} | present | tojson
