# The answer of GET /api/v1/tasks: one page. The statement reads one row more than the page holds: if it is there, there
# is a next page. What a task collected is in GET /api/v1/tasks/{task_id} alone.
. as $rows
| (variable("limit") | tonumber) as $limit
| {
    items: ($rows[0:$limit] | map(
      {task_id, type, state, request_id, call_id, contact_id, actor, reason, due_at, created_at, updated_at}
      | with_entries(select(.value != null)))),
    next_cursor: (if ($rows | length) > $limit then $rows[$limit - 1].task_id else null end)
  }
| tojson
