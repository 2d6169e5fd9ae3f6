# The number of the person in a call: the one that was called, or the one that called in. Null where there is none that
# can be called, as in a web call or behind a withheld number.
(if .direction == "inbound" then .from_number elif .direction == "outbound" then .to_number else null end)
| if type == "string" and length <= 16 and test("^\\+[1-9][0-9]{6,14}$") then . else null end
