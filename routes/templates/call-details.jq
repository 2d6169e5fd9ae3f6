# What the ledger keeps of a Retell call object (https://docs.retellai.com/api-references/get-call). A value of another
# type than expected counts as absent; a NUL character, which PostgreSQL cannot store, is dropped.
def text($length): if type == "string" then gsub("\u0000"; "") | .[0:$length] else null end;
def number: if type == "number" then . else null end;
def flag: if type == "boolean" then . else null end;
def object: if type == "object" then . else {} end;

(.call_analysis | object) as $analysis
| {
    direction: (.direction | text(16)),
    to_number: (.to_number | text(32)),
    from_number: (.from_number | text(32)),
    agent_id: (.agent_id | text(128)),
    call_status: (.call_status | text(32)),
    disconnection_reason: (.disconnection_reason | text(64)),
    start_timestamp: (.start_timestamp | number | if . then floor else null end),
    end_timestamp: (.end_timestamp | number | if . then floor else null end),
    duration_ms: (.duration_ms | number | if . then floor else null end),
    # Retell gives cents.
    cost_usd: (.call_cost | object | .combined_cost | number | if . then . / 100 else null end),
    recording_url: (.recording_url | text(4096)),
    transcript: (.transcript | text(1000000)),
    summary: ($analysis.call_summary | text(65536)),
    user_sentiment: ($analysis.user_sentiment | text(32)),
    call_successful: ($analysis.call_successful | flag),
    in_voicemail: ($analysis.in_voicemail | flag),
    custom_analysis: ($analysis.custom_analysis_data | if type == "object" then tojson | text(262144) else null end)
  }
