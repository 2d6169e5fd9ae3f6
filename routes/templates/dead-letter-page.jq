# The answer of GET /api/v1/dead-letters: one page of messages and parked rows together, newest first. Each side may have
# more than the page holds: if there is one more, there is a next page.
def present: with_entries(select(.value != null));
def before($query): $query.cursor_at == null or .at < $query.cursor_at
  or (.at == $query.cursor_at and .id < $query.cursor_id);

. as $parked
| (variable("queryText") | fromjson) as $query
| (variable("lettersText") | fromjson | map(select(before($query)))) as $letters
| ($letters + ($parked | map({source: "outbox"} + .)) | sort_by([.at, .id]) | reverse) as $all
| $all[0:$query.limit] as $items
| {
    items: ($items | map(present | del(.at))),
    complete: (variable("lettersComplete") == "true"),
    next_cursor: (if ($all | length) > $query.limit then ($items[-1] | (.at | tostring) + "_" + .id) else null end)
  }
| tojson
