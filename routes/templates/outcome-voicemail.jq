# What the outcome voicemail means for the row of the outcome table that an outcome rule replaces.
. + {outcome: "voicemail", type: "voice_ai.call.voicemail", event_name: "Call left voicemail"}
