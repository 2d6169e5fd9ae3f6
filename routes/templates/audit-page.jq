# The answer of GET /api/v1/audit: one page. Numbers are masked, and what was said about a person in words is left out. The
# statement reads one row more than the page holds: if it is there, there is a next page.
def present: with_entries(select(.value != null));
def masked: length as $n | .[0:([5, $n - 6] | min)] + "•••" + .[-2:];
def masked_numbers: if . == null then null else gsub("(?<number>\\+[1-9][0-9]{6,14})"; .number | masked) end;

. as $rows
| (variable("limit") | tonumber) as $limit
| {
    items: ($rows[0:$limit] | map({
      id, at, actor, action,
      subject: (.subject | masked_numbers),
      detail: (if .subject | test("^(number|contact)/") then null else .detail | masked_numbers end)
    } | present)),
    next_cursor: (if ($rows | length) > $limit then $rows[$limit - 1].id else null end)
  }
| tojson
