# Picks the row of routes/outcomes.json for a finished call: the first row whose reason and analysis both fit.
# Input {table, call}: the parsed table, and what is known of the call in Retell's words. Output: the row, with started:
# whether the call connected. The last row, "*", always fits.
.call.disconnection_reason as $reason
| (.call.call_analysis.in_voicemail == true) as $voicemail
| (.call.call_analysis.call_successful == true) as $successful
| ((.call.duration_ms // 0) > 0) as $talked
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
| .started = (.connected == "always" or (.connected == "if_talked" and $talked))
