# Picks the row of routes/outcomes.json for a finished call: the first row whose reason and analysis both fit.
# Input {table, call}: the parsed table and Retell's call object. Output: the row. The last row, "*", always fits.
.call.disconnection_reason as $reason
| (.call.call_analysis.in_voicemail == true) as $voicemail
| (.call.call_analysis.call_successful == true) as $successful
| first(
    .table.rows[]
    | select(.disconnection_reason == $reason or .disconnection_reason == "*")
    | select(
        .analysis == "any"
        or (.analysis == "voicemail" and $voicemail)
        or (.analysis == "successful" and $successful)
        or (.analysis == "unsuccessful" and ($successful | not))
      )
  )
