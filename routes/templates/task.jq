# The answer for one task.
{
  task_id, type, state, request_id, call_id, contact_id, actor, reason,
  fields: (.fields // "null" | fromjson), result: (.result // "null" | fromjson), due_at, created_at, updated_at,
  history: (variable("historyText") | fromjson
    | map({at, actor, from: .from_state, to: .to_state} | with_entries(select(.value != null))))
}
| with_entries(select(.value != null))
| tojson
