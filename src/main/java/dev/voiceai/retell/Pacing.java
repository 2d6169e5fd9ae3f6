package dev.voiceai.retell;

import java.time.Duration;
import java.time.OffsetDateTime;

/** How many held requests may go to the call processor at once, and when a paused Retell is asked again. */
public final class Pacing {

    private static final int MILLIS_AHEAD = 2_000;
    private static final int MOST_DOUBLINGS = 4;

    private final double callsPerSecond;
    private final Duration probePeriod;

    /**
     * @param callsPerSecond new calls a second (RETELL_CALLS_PER_SECOND)
     * @param probePeriod from a pause by Retell's refusal to the first probe (RETELL_PROBE_PERIOD)
     */
    public Pacing(double callsPerSecond, Duration probePeriod) {
        this.callsPerSecond = callsPerSecond;
        this.probePeriod = probePeriod;
    }

    /**
     * At most the free lines, and at most what may start within the next two seconds.
     *
     * @param lines how many lines our calls may use
     * @param live attempts that hold a line
     * @param queued requests that are on their way to the call processor already
     * @param wait milliseconds until the next dial may leave
     */
    public int freeSlots(long lines, long live, long queued, long wait) {
        long starts = (long) Math.ceil(callsPerSecond * (MILLIS_AHEAD - wait) / 1_000);
        return (int) Math.max(0, Math.min(lines - live, starts) - queued);
    }

    /** How many calls may start within the next two seconds, at least one. */
    public int startsAhead() {
        return Math.max(1, (int) Math.ceil(callsPerSecond * MILLIS_AHEAD / 1_000));
    }

    /** The next probe: the period after now, doubled for each failed one, up to sixteen times the period. */
    public OffsetDateTime probeAt(OffsetDateTime now, int failedProbes) {
        return now.plus(probePeriod.multipliedBy(1L << Math.min(failedProbes, MOST_DOUBLINGS)));
    }
}
