/** Figures that are read from time to time rather than counted. Which ones is in {@code routes/metrics.camel.yaml}. */
package dev.voiceai.metrics;
