/**
 * {@code java -jar voice-ai.jar test}: cases in YAML, run against the embedded system. Nothing here is loaded by a normal
 * start.
 */
package dev.voiceai.cases;
