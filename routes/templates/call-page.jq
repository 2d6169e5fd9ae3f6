# The answer of GET /api/v1/calls and POST /api/v1/calls/search: one page, numbers masked unless they are to be revealed, without transcripts. The
# statement reads one row more than the page holds: if it is there, there is a next page.
def present: with_entries(select(.value != null));
def masked: if . == null or variable("reveal") == "true" then .
  else length as $n | .[0:([5, $n - 6] | min)] + "•••" + .[-2:] end;
def reason: if .reason_code
  then {code: .reason_code, message: .reason_message, rule: .reason_rule, until: .reason_until} | present
  else null end;

. as $rows
| (variable("limit") | tonumber) as $limit
| {
    items: ($rows[0:$limit] | map({
      request_id, parent_request_id, state, final: .is_final, outcome, reason: reason, to_number: (.to_number | masked),
      from_number: (.from_number | masked), agent_id, contact_id, campaign, purpose, timezone, not_before, expires_at,
      created_at, updated_at
    } | present)),
    next_cursor: (if ($rows | length) > $limit then $rows[$limit - 1].request_id else null end)
  }
| tojson
