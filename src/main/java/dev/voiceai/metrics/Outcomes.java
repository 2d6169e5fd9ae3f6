package dev.voiceai.metrics;

import io.micrometer.core.instrument.MeterRegistry;

/** Counts what something came to, and why. */
public final class Outcomes {

    private final MeterRegistry registry;

    Outcomes(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Counts one more.
     *
     * @param name of the counter, such as {@code voice_ai.gate.decisions}
     * @param outcome what it came to; one of a few words of ours
     * @param reason the code of the reason; null where there is none
     */
    public void count(String name, String outcome, String reason) {
        registry.counter(name, "outcome", outcome, "reason", reason == null ? "" : reason).increment();
    }
}
