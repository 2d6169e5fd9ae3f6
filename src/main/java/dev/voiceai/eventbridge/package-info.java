/**
 * Activity events on an event bus of Amazon EventBridge. The sink is the template {@code deliver-abt-to-eventbridge} in
 * {@code routes/abt.camel.yaml}.
 */
package dev.voiceai.eventbridge;
