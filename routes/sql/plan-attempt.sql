-- Notes which row of the policy table causes the request's next attempt.
UPDATE request SET policy_row = :#${variable.policyRow} WHERE request_id = :#${variable.requestId}
