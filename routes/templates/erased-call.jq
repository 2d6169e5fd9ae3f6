# What still counts of a call whose person was erased: its ids, its times and how it ended, no number and no word.
def object: if type == "object" then . else {} end;
def present: with_entries(select(.value != null));

{
  call_id, call_type, direction, call_status, agent_id, start_timestamp, end_timestamp, duration_ms, disconnection_reason,
  call_cost,
  metadata: (.metadata | object | {request_id, attempt} | present),
  call_analysis: (.call_analysis | object | {user_sentiment, call_successful, in_voicemail} | present)
}
| present
