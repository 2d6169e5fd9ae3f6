# The answer of GET /api/v1/reports/{view} as JSON. Input: the rows of the view, one more than the limit if there are more.
# H2 and Snowflake name columns in upper case.
. as $rows
| (variable("limit") | tonumber) as $limit
| (variable("reportText") | fromjson) as $report
| {
    view: $report.view,
    columns: $report.columns,
    items: ($rows[0:$limit] | map(with_entries(.key |= ascii_downcase))),
    truncated: (($rows | length) > $limit)
  }
| tojson
