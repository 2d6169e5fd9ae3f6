package dev.voiceai.retell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    /** A Sunday. */
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-22T12:00:00Z");

    private final RetryAfter retryAfter = new RetryAfter();

    @ParameterizedTest
    @CsvSource({"0, PT0S", "7, PT7S", "' 60 ', PT1M", "3600, PT1H", "3601, PT1H", "99999999999999999999999, PT1H"})
    void secondsAreCounted(String header, Duration wait) {
        assertThat(retryAfter.until(null, header, NOW)).isEqualTo(NOW.plus(wait));
    }

    @ParameterizedTest
    @CsvSource({"0, PT0S", "250, PT0.25S", "1500.75, PT1.5S", "3600001, PT1H", "99999999999999999999999, PT1H"})
    void millisecondsGoFirst(String header, Duration wait) {
        assertThat(retryAfter.until(header, "30", NOW)).isEqualTo(NOW.plus(wait));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "soon", "1e3", "0x10"})
    void withMillisecondsThatCanNotBeReadTheOtherHeaderCounts(String header) {
        assertThat(retryAfter.until(header, "30", NOW)).isEqualTo(NOW.plusSeconds(30));
    }

    /** The three forms of RFC 9110, section 5.6.7. */
    @ParameterizedTest
    @ValueSource(strings = {
        "Sun, 22 Nov 2026 12:00:37 GMT", "Sunday, 22-Nov-26 12:00:37 GMT", "Sun Nov 22 12:00:37 2026",
    })
    void aDateIsThatMoment(String header) {
        assertThat(retryAfter.until(null, header, NOW)).isEqualTo(NOW.plusSeconds(37));
    }

    @Test
    void aDateOfOneDigitIsReadToo() {
        assertThat(retryAfter.until(null, "Sun Nov  1 12:00:37 2026", OffsetDateTime.parse("2026-11-01T12:00:00Z")))
                .isEqualTo(OffsetDateTime.parse("2026-11-01T12:00:37Z"));
    }

    @Test
    void aDateIsAtMostAnHourAhead() {
        assertThat(retryAfter.until(null, "Mon, 23 Nov 2026 12:00:00 GMT", NOW)).isEqualTo(NOW.plusHours(1));
        assertThat(retryAfter.until(null, "Fri, 31 Dec 9999 23:59:59 GMT", NOW)).isEqualTo(NOW.plusHours(1));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {
        "-1", "1.5", "+7", "soon", "7 seconds", "Sun, 22 Nov 2026 11:59:59 GMT", "Sun, 31 Feb 2027 12:00:00 GMT",
        "2026-11-22T12:00:37Z", "٣٠",
    })
    void whatSaysNothingIsNull(String header) {
        assertThat(retryAfter.until(null, header, NOW)).isNull();
        assertThat(retryAfter.until(header, null, NOW)).isEqualTo("1.5".equals(header) ? NOW.plusNanos(1_000_000) : null);
    }
}
