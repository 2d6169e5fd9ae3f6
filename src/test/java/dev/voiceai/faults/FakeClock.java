package dev.voiceai.faults;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that runs like the real one, and jumps ahead when it is told to. */
final class FakeClock extends Clock {
    private final AtomicReference<Duration> ahead = new AtomicReference<>();

    FakeClock(Instant start) {
        ahead.set(Duration.between(Instant.now(), start));
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(ahead.get());
    }

    void jumpTo(Instant moment) {
        var distance = Duration.between(instant(), moment);
        if (!distance.isNegative()) {
            ahead.updateAndGet(before -> before.plus(distance));
        }
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
