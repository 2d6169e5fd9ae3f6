# The answer of POST /api/v1/do-not-call/check: one item for each number that was asked for, in that order, or one for the
# contact. The input is the rows of those that are on the list now; who was erased is found by the keyed hash.
def masked: length as $n | .[0:([5, $n - 6] | min)] + "•••" + .[-2:];
def entry($row): if $row
  then {do_not_call: true, until: $row.do_not_call_until, source: $row.do_not_call_source, reason: $row.do_not_call_reason,
    since: $row.consent_revoked_at} | with_entries(select(.value != null))
  else {do_not_call: false} end;

. as $rows
| (variable("requestBody") | fromjson) as $asked
| (variable("hashesText") | fromjson) as $hashes
| (variable("listedHashesText") | fromjson | map({key: .hash, value: .}) | from_entries) as $erased
| {items: (
    if $asked.numbers then
      ($rows | map({key: .number, value: .}) | from_entries) as $listed
      | $asked.numbers | map({number: masked} + entry($listed[.] // $erased[$hashes[.]]))
    else [{contact_id: $asked.contact_id} + entry($rows[0] // $erased[variable("contactHash")])] end
  )}
| tojson
