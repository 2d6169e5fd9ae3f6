# The answer of GET /api/v1/phone-calls: one page, numbers masked unless they are to be revealed, without what was said. The statement reads one row more
# than the page holds: if it is there, there is a next page.
def present: with_entries(select(.value != null));
def masked: if . == null or variable("reveal") == "true" then .
  else length as $n | .[0:([5, $n - 6] | min)] + "•••" + .[-2:] end;

. as $rows
| (variable("limit") | tonumber) as $limit
| {
    items: ($rows[0:$limit] | map(. + {to_number: (.to_number | masked), from_number: (.from_number | masked)} | present)),
    next_cursor: (if ($rows | length) > $limit then $rows[$limit - 1].call_id else null end)
  }
| tojson
