# What became of a push to the CRM, as proof: when it was answered, with what, and the hash of what had been sent. It is
# added to what the task's result says already.
def text($length): if type == "string" then gsub("[\u0000-\u001f]"; " ") | .[0:$length] elif type == "number" then tostring else null end;
def object: if type == "object" then . else {} end;

(variable("answerStatus") | tonumber) as $status
| (variable("answerText") | fromjson? // {} | object) as $answer
| (variable("answerHeaders") | if type == "string" then fromjson? // {} else . end | object
    | with_entries(.key |= ascii_downcase)) as $headers
| (.result // "{}" | fromjson) + ({
    writeback: variable("writebackState"),
    status: (if $status > 0 then $status else null end),
    failure: (if variable("writebackState") == "delivered" then null else variable("failure") end),
    answer: (if variable("writebackState") == "refused"
      then $answer | [.detail, .message, .error, .title, .code] | map(text(256)) | map(select(. != null)) | first
      else null end),
    reference: ($answer | [.reference, .id] | map(text(128)) | map(select(. != null)) | first),
    etag: ($headers.etag | text(128)),
    answered_at: (if $status > 0 then variable("now") else null end),
    idempotency_key: variable("writebackKey"),
    sequence: (variable("writeback") | fromjson | .sequence),
    sha256: variable("writebackSha256")
  } | with_entries(select(.value != null)))
| tojson
