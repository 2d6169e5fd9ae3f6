package dev.voiceai.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/**
 * How long messages have waited when they are received. SQS tells the age of the oldest one to CloudWatch only; this needs
 * no request of its own.
 */
public final class QueueWaits {

    private final MeterRegistry registry;
    private final Clock clock;

    QueueWaits(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /**
     * Notes the wait of one message, in seconds; one that comes again has waited since it was sent first.
     *
     * @param queue the diagram's name of the queue
     * @param sent the message's attribute SentTimestamp, milliseconds since 1970; null where an SQS does not tell it
     */
    public void received(String queue, Long sent) {
        if (sent != null) {
            DistributionSummary.builder("voice_ai.queue.wait.seconds").tag("queue", queue).register(registry)
                    .record(Math.max(0, clock.millis() - sent) / 1000.0);
        }
    }
}
