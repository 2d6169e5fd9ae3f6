package dev.voiceai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerClockTest {

    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-22T12:00:00.123Z");

    private final LedgerClock clock = new LedgerClock(
            Clock.fixed(Instant.parse("2026-11-22T12:00:00.123456789Z"), ZoneId.of("America/New_York")));

    @Test
    void nowIsUtcWithMilliseconds() {
        assertThat(clock.now()).isEqualTo(NOW).hasToString("2026-11-22T12:00:00.123Z");
    }

    @Test
    void momentsAreCountedFromNow() {
        assertThat(clock.in("P3D")).isEqualTo(NOW.plusDays(3));
        assertThat(clock.ago("PT5M")).isEqualTo(NOW.minusMinutes(5));
        assertThat(clock.ago("PT30S", "PT10S")).isEqualTo(NOW.minusSeconds(40));
        assertThat(clock.after(NOW.plusHours(1), "PT1M")).isEqualTo(NOW.plusMinutes(61));
        assertThat(clock.latest(NOW, NOW.plusNanos(1))).isEqualTo(NOW.plusNanos(1));
        assertThat(clock.latest(NOW, NOW.minusNanos(1))).isEqualTo(NOW);
    }

    @Test
    void aPeriodMayBeOfYearsDaysOrHours() {
        assertThat(clock.periodAgo("P2Y")).isEqualTo(NOW.minusYears(2));
        assertThat(clock.periodAgo("P90D")).isEqualTo(NOW.minusDays(90));
        assertThat(clock.periodAgo("PT12H")).isEqualTo(NOW.minusHours(12));
        assertThatThrownBy(() -> clock.periodAgo("90 days")).isInstanceOf(DateTimeParseException.class);
    }

    @Test
    void millisUntilIsNeverNegative() {
        assertThat(clock.millisUntil(NOW.plus(Duration.ofMillis(1500)))).isEqualTo(1500);
        assertThat(clock.millisUntil(NOW.minusHours(1))).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "2, 500", "0.5, 2000", "20, 50"})
    void aRateGivesTheGapBetweenTwoStarts(double perSecond, long gapMillis) {
        assertThat(clock.nextAtRate(NOW, perSecond)).isEqualTo(NOW.plus(Duration.ofMillis(gapMillis)));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "5, 32", "6, 60", "7, 60", "1000000, 60"})
    void theBackOffDoublesUpToAMinuteLessUpToAQuarter(int failures, long seconds) {
        var moments = Stream.generate(() -> clock.backOff(failures)).limit(100).toList();
        assertThat(moments).allSatisfy(moment ->
                assertThat(moment).isAfter(NOW.plus(Duration.ofMillis(seconds * 750))).isBeforeOrEqualTo(NOW.plusSeconds(seconds)));
        assertThat(moments.stream().distinct()).hasSizeGreaterThan(10);
    }

    @Test
    void anyOffsetIsReadAsUtcWithMilliseconds() {
        assertThat(LedgerClock.parse("2026-11-22T13:00:00.1239+01:00")).hasToString("2026-11-22T12:00:00.123Z");
    }

    @Test
    void nothingIsReadAsNothing() {
        assertThat(LedgerClock.parse(null)).isNull();
        assertThat(LedgerClock.parse(" ")).isNull();
        assertThat(LedgerClock.ofEpochMillis(null)).isNull();
    }

    @Test
    void whatIsNoTimeIsRefused() {
        assertThatThrownBy(() -> LedgerClock.parse("soon")).isInstanceOf(DateTimeParseException.class);
    }

    @Test
    void retellCountsMillisecondsSinceTheEpoch() {
        assertThat(LedgerClock.ofEpochMillis(1_795_348_800_123L)).hasToString("2026-11-22T12:00:00.123Z");
    }
}
