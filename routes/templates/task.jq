# The answer for one task.
{
  task_id, type, state, request_id, call_id, contact_id, actor, reason,
  fields: (.fields // "null" | fromjson), result: (.result // "null" | fromjson), due_at, created_at, updated_at
}
| with_entries(select(.value != null))
| tojson
