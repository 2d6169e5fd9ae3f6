# What belongs to one of the three events of each call, of all that is known of the call: by this a repeat is told from a
# correction. Input: the details of call-details.jq.
if variable("event") == "call_started" then {start_timestamp}
elif variable("event") == "call_ended" then {start_timestamp, end_timestamp, duration_ms, disconnection_reason}
else del(.call_status)
end
| tojson
