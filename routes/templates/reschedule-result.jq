# What became of a reschedule: the new request, when it is due, that time as it reads where the person is, and, where
# the time asked for lies outside the calling window, what it was.
{
  request_id: variable("createdRequestId"),
  not_before: variable("notBeforeText"),
  local_time: variable("localTime"),
  moved_from: variable("movedFromText"),
  note: (if variable("movedFromText")
    then "The time asked for lies outside the calling window; the call waits for the next opening." else null end)
}
| with_entries(select(.value != null and .value != ""))
| tojson
