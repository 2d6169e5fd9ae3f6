# What the outcome completed means for the row of the outcome table that an outcome rule replaces.
. + {outcome: "completed", type: "voice_ai.call.completed", event_name: "Call completed"}
