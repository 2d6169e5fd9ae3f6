# The answer of POST /api/v1/do-not-call/remove: how many persons were taken off the list. The input is the rows of the
# numbers; whoever was on it twice, because an entry came after an erasure, counts once.
(variable("hashesText") | fromjson) as $hashes
| (variable("contactsRemoved") | tonumber) as $contacts
| (map($hashes[.number]) + (if $contacts == 1 then [variable("contactHash")] else [] end)) as $counted
| (variable("listedHashesText") | fromjson | map(.hash) - $counted | length) as $erased
| {removed: (length + $contacts + $erased)}
| tojson
