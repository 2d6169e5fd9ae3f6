-- The event that closed a call, where it was worked on already.
SELECT e.event FROM call_event e WHERE e.call_id = :#${variable.callId} AND e.event = 'call_analyzed'
