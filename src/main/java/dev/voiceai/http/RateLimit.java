package dev.voiceai.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How often each of many may ask, counted in this process: n replicas let through n times as much. */
final class RateLimit {
    /** A bucket takes some hundred bytes. With more askers than this, those that asked longest ago are forgotten. */
    private static final int MOST_ASKERS = 10_000;

    private final int perSecond;
    private final int burst;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder().maximumSize(MOST_ASKERS).build();

    /**
     * @param perSecond 0 is no limit
     * @param burst how many may come at once
     */
    RateLimit(int perSecond, int burst) {
        this.perSecond = perSecond;
        this.burst = burst;
    }

    /** Counts one request. 0 when it may go on, else the whole seconds after which the next one may, at least 1. */
    long secondsToWait(String asker) {
        if (perSecond == 0) {
            return 0;
        }
        var probe = buckets.get(asker, first -> newBucket()).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? 0 : TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill() - 1) + 1;
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
    }
}
