# A row of the outbox without the person that it is about. Input is its payload, the variable outboxKind says what it is.
variable("outboxKind") as $kind
| if $kind == "requests" then del(.to_number, .contact_id, .metadata, .dynamic_variables, .reason_message)
  elif $kind == "attempts" then del(.transcript, .summary, .custom_analysis, .recording_url)
  elif $kind == "call_events" then del(.payload)
  elif $kind == "tasks" then del(.contact_id, .fields, .result, .reason)
  elif $kind == "writeback" then del(.contact_id, .fields)
  elif has("data") then
    .data |= (del(.contact_id, .metadata) | if .reason.message then .reason.message = "Erased." else . end)
  else . end
| tojson
