package dev.voiceai.retell;

/** How many held requests may go to the call processor at once. */
public final class Pacing {

    private static final int SECONDS_AHEAD = 2;

    private final int concurrency;
    private final double callsPerSecond;

    /**
     * @param concurrency live calls at once (RETELL_CONCURRENCY)
     * @param callsPerSecond new calls a second (RETELL_CALLS_PER_SECOND)
     */
    public Pacing(int concurrency, double callsPerSecond) {
        this.concurrency = concurrency;
        this.callsPerSecond = callsPerSecond;
    }

    /**
     * At most the free lines, and at most what may start within the next two seconds.
     *
     * @param live attempts that hold a line
     * @param queued requests that are on their way to the call processor already
     */
    public int freeSlots(long live, long queued) {
        long lines = concurrency - live - queued;
        long starts = (long) Math.ceil(callsPerSecond * SECONDS_AHEAD) - queued;
        return (int) Math.max(0, Math.min(lines, starts));
    }
}
