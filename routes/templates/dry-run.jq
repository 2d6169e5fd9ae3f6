# The answer of POST /api/v1/calls?dry_run=true: the row that the request would have had, and what the call gate decided.
def present: with_entries(select(.value != null));

if variable("decision") == "dial" or variable("decision") == "wait" then {decision: "dial", state: "calling"}
elif .state == "scheduled" then {
  decision: "hold", state,
  reason: {code: "scheduled", message: "The request waits for its not_before.", rule: "not_before", until: .not_before}
}
else {
  decision: variable("decision"), state,
  reason: ({code: .reason_code, message: .reason_message, rule: .reason_rule, until: .reason_until} | present)
}
end | tojson
