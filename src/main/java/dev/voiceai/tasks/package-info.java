/** Task types. What a task does is in {@code routes/business-api.camel.yaml}. */
package dev.voiceai.tasks;
