package dev.voiceai.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The one source of "now" for routes. Times are UTC with milliseconds, the precision that the API answers with, so that
 * what is stored and what is shown are equal. {@link OffsetDateTime} is what both H2's and PostgreSQL's drivers bind to
 * {@code TIMESTAMP WITH TIME ZONE}.
 */
public final class LedgerClock {

    private final Clock clock;

    public LedgerClock(Clock clock) {
        this.clock = clock;
    }

    public OffsetDateTime now() {
        return OffsetDateTime.now(clock).withOffsetSameInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
    }

    /** The moment that lies {@code duration} (ISO-8601, such as {@code PT5M} or {@code P3D}) from now. */
    public OffsetDateTime in(String duration) {
        return now().plus(Duration.parse(duration));
    }

    /** The moment that lies {@code duration} (ISO-8601) before now. */
    public OffsetDateTime ago(String duration) {
        return now().minus(Duration.parse(duration));
    }

    /** The moment that lies a period before now: {@code P2Y}, {@code P90D} and the like, or a duration as {@code PT1H}. */
    public OffsetDateTime periodAgo(String period) {
        return now().minus(period.contains("T") ? Duration.parse(period) : Period.parse(period));
    }

    /** The moment that lies two durations (ISO-8601), one after the other, before now. */
    public OffsetDateTime ago(String duration, String more) {
        return ago(duration).minus(Duration.parse(more));
    }

    /** The moment that lies {@code duration} (ISO-8601) after {@code time}. */
    public OffsetDateTime after(OffsetDateTime time, String duration) {
        return time.plus(Duration.parse(duration));
    }

    /** The moment that lies {@code duration} (ISO-8601) before {@code time}. */
    public OffsetDateTime before(OffsetDateTime time, String duration) {
        return time.minus(Duration.parse(duration));
    }

    /** The later of two moments. */
    public OffsetDateTime latest(OffsetDateTime one, OffsetDateTime other) {
        return one.isAfter(other) ? one : other;
    }

    /** The moment after {@code time} at which the next of {@code perSecond} things a second may start. */
    public OffsetDateTime nextAtRate(OffsetDateTime time, double perSecond) {
        return time.plusNanos((long) (1_000_000_000L / perSecond));
    }

    /**
     * When to try again after {@code attempts} failures: 1 s, doubled each time, at most one minute, and up to a quarter
     * less, so that what failed together does not come back together.
     */
    public OffsetDateTime backOff(int attempts) {
        long millis = Math.min(60_000, 1_000L << Math.min(attempts, 6));
        return now().plus(Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 4)));
    }

    /** Milliseconds from now to {@code time}; 0 when it has passed. */
    public long millisUntil(OffsetDateTime time) {
        return Math.max(0, Duration.between(now(), time).toMillis());
    }

    /** A time of Retell's, in milliseconds since the epoch; null stays null. */
    public static OffsetDateTime ofEpochMillis(Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    }

    /** A time as Retell writes it, in milliseconds since the epoch. */
    public static long toEpochMillis(OffsetDateTime time) {
        return time.toInstant().toEpochMilli();
    }

    /** An RFC 3339 time as UTC with milliseconds; null and blank give null. */
    public static OffsetDateTime parse(String text) {
        return text == null || text.isBlank()
                ? null
                : OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
    }
}
