package dev.voiceai.embedded;

import org.springframework.context.SmartLifecycle;

/** Holds the routes back until the embedded SQS answers. */
final class SqsStart implements SmartLifecycle {
    private final EmbeddedParts parts;
    private boolean running;

    SqsStart(EmbeddedParts parts) {
        this.parts = parts;
    }

    @Override
    public void start() {
        parts.awaitSqs();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }
}
