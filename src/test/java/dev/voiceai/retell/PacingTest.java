package dev.voiceai.retell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.OffsetDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacingTest {

    private static final Duration PERIOD = Duration.ofSeconds(15);

    @ParameterizedTest
    @CsvSource({
        // lines, calls per second, live, queued, wait in ms, free
        "20, 1, 0, 0, 0, 2",
        "20, 1, 0, 0, 1000, 1",
        "20, 1, 0, 0, 1999, 1",
        "20, 1, 0, 0, 2000, 0",
        "20, 1, 0, 0, 60000, 0",
        "20, 1, 0, 2, 0, 0",
        "20, 1, 19, 0, 0, 1",
        "20, 1, 20, 0, 0, 0",
        "20, 1, 25, 3, 0, 0",
        "0, 1, 0, 0, 0, 0",
        "20, 100, 5, 3, 0, 12",
        "1, 100, 0, 0, 0, 1",
        "20, 0.4, 0, 0, 0, 1",
        "20, 1.6, 0, 0, 0, 4",
    })
    void noMoreThanTheFreeLinesAndTwoSecondsOfTheRate(
            long lines, double callsPerSecond, long live, long queued, long wait, int free) {
        assertThat(new Pacing(callsPerSecond, PERIOD).freeSlots(lines, live, queued, wait)).isEqualTo(free);
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "0.4, 1", "0.1, 1", "1.6, 4", "50, 100"})
    void theTurnsAheadAreTwoSecondsOfTheRate(double callsPerSecond, int ahead) {
        assertThat(new Pacing(callsPerSecond, PERIOD).startsAhead()).isEqualTo(ahead);
    }

    @ParameterizedTest
    @CsvSource({"0, 15", "1, 30", "2, 60", "3, 120", "4, 240", "5, 240", "1000, 240"})
    void theNextProbeComesLaterForEachThatFailed(int failed, int seconds) {
        var now = OffsetDateTime.parse("2026-11-25T12:00:00Z");

        assertThat(new Pacing(1, PERIOD).probeAt(now, failed)).isEqualTo(now.plusSeconds(seconds));
    }
}
