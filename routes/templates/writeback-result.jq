# What became of a push to the CRM, as proof: when it was answered, with what, and the hash of what had been sent. It is
# added to what the task's result says already.
def text($length): if type == "number" then tostring else . end
  | if type == "string" then gsub("[\u0000-\u001f]"; " ") | .[0:$length] else null end;
def object: if type == "object" then . else {} end;

(variable("answerStatus") | tonumber) as $status
| (variable("answerText") | fromjson? // {} | object) as $answer
| (.result // "{}" | fromjson) + ({
    writeback: variable("writebackState"),
    status: (if $status > 0 then $status else null end),
    failure: (if variable("writebackState") == "delivered" then null else variable("failure") end),
    answer: (if variable("writebackState") == "refused"
      then $answer | [.detail, .message, .error, .title, .code] | map(text(256)) | map(select(. != null)) | first
      else null end),
    reference: ($answer | [.reference, .id] | map(text(128)) | map(select(. != null)) | first),
    etag: (variable("answerEtag") | text(128) | if . == "" then null else . end),
    answered_at: (if $status > 0 then variable("now") else null end),
    idempotency_key: variable("writebackKey"),
    sequence: (variable("writeback") | fromjson | .sequence),
    sha256: variable("writebackSha256")
  } | with_entries(select(.value != null)))
| tojson
