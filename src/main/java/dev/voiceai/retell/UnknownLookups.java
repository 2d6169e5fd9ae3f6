package dev.voiceai.retell;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;

/**
 * When an attempt whose answer got lost is looked up: at growing intervals past the ring time, counted from the moment
 * that the answer was given up.
 */
public final class UnknownLookups {

    /** So long looks go on that Retell does not answer; then a person is asked. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private final List<Duration> moments;

    /** @param setting UNKNOWN_LOOKUPS: ISO-8601 durations, ascending, separated by commas, such as {@code PT5S,PT15S} */
    public UnknownLookups(String setting) {
        moments = Arrays.stream(setting.split(",")).map(String::strip).map(Duration::parse).toList();
        for (int i = 1; i < moments.size(); i++) {
            if (moments.get(i).compareTo(moments.get(i - 1)) <= 0) {
                throw new IllegalArgumentException("UNKNOWN_LOOKUPS must ascend: " + setting);
            }
        }
    }

    /** The first look at an attempt that became unknown at {@code now}. */
    public OffsetDateTime first(OffsetDateTime now) {
        return now.plus(moments.get(0));
    }

    /**
     * The look after one that found nothing.
     *
     * @param done how many looks there were before that one
     * @param conclusive whether that look was answered in full: a failed one, or a page of many, proves nothing
     * @return null when nothing was found at the last look, or Retell has not answered in full for a day after it: a
     *     person decides
     */
    public OffsetDateTime next(int done, boolean conclusive, OffsetDateTime now) {
        int last = moments.size() - 1;
        if (done < last) {
            return now.plus(moments.get(done + 1).minus(moments.get(done)));
        }
        Duration pause = moments.get(last);
        boolean longEnough = pause.multipliedBy(done - last).compareTo(LONGEST) >= 0;
        return conclusive || longEnough ? null : now.plus(pause);
    }
}
