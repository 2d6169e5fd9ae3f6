# What the outcome not_reached means for the row of the outcome table that an outcome rule replaces.
. + {outcome: "not_reached", type: "voice_ai.call.not_reached", event_name: "Call not reached"}
