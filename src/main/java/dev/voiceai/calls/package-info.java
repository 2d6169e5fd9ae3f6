/**
 * What a JSON Schema can't say about a call request or a task: phone numbers, time zones, calling windows and times; and
 * when a call is tried again.
 */
package dev.voiceai.calls;
