/** What remains of persons who were erased. How they are is in {@code routes/privacy.camel.yaml}. */
package dev.voiceai.privacy;
