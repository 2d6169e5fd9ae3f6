package dev.voiceai.retell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacingTest {

    @ParameterizedTest
    @CsvSource({
        // concurrency, calls per second, live, queued, free
        "20, 1, 0, 0, 2",
        "20, 1, 0, 2, 0",
        "20, 1, 19, 0, 1",
        "20, 1, 20, 0, 0",
        "20, 1, 25, 3, 0",
        "20, 100, 5, 3, 12",
        "1, 100, 0, 0, 1",
        "20, 0.4, 0, 0, 1",
        "20, 1.6, 0, 0, 4",
    })
    void noMoreThanTheFreeLinesAndTwoSecondsOfTheRate(
            int concurrency, double callsPerSecond, long live, long queued, int free) {
        assertThat(new Pacing(concurrency, callsPerSecond).freeSlots(live, queued)).isEqualTo(free);
    }
}
