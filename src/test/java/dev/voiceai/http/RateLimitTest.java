package dev.voiceai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    @Test
    void aBurstPassesAndThenTheRate() {
        var limit = new RateLimit(1, 5);

        assertThat(IntStream.range(0, 5).mapToLong(i -> limit.secondsToWait("crm"))).containsOnly(0L);
        assertThat(limit.secondsToWait("crm")).isEqualTo(1);
        await().atMost(Duration.ofSeconds(10)).until(() -> limit.secondsToWait("crm") == 0);
        assertThat(limit.secondsToWait("crm")).isEqualTo(1);
    }

    @Test
    void oneAskerDoesNotUseUpWhatAnotherMayAsk() {
        var limit = new RateLimit(1, 1);
        limit.secondsToWait("crm");

        assertThat(limit.secondsToWait("crm")).isPositive();
        assertThat(limit.secondsToWait("shop")).isZero();
    }

    @Test
    void zeroIsNoLimit() {
        var limit = new RateLimit(0, 1);

        assertThat(IntStream.range(0, 1_000).mapToLong(i -> limit.secondsToWait("crm"))).containsOnly(0L);
    }
}
