# What the outcome failed means for the row of the outcome table that an outcome rule replaces.
. + {outcome: "failed", type: "voice_ai.call.failed", event_name: "Call failed"}
