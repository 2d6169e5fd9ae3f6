package dev.voiceai.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallingWindowsTest {

    private static final String SEATTLE = "+12065550100";
    private static final String SATELLITE = "+88213000000";
    private static final String FREEPHONE = "+18005550100";

    private final PhoneNumbers numbers = new PhoneNumbers();

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T15:59:59Z, false",
        "2026-11-22T16:00:00Z, true",
        "2026-11-23T03:59:59.999Z, true",
        "2026-11-23T04:00:00Z, false",
    })
    void isOpenFromTheFirstMinuteUpToTheLast(String now, boolean open) {
        assertThat(windows("08:00-20:00").decide(SEATTLE, null, at(now)).open()).isEqualTo(open);
    }

    @Test
    void saysUntilWhenItIsClosed() {
        var decision = windows("08:00-20:00").decide(SEATTLE, null, at("2026-11-23T04:00:00Z"));
        assertThat(decision.code()).isEqualTo("outside_calling_window");
        assertThat(decision.until()).isEqualTo(at("2026-11-23T16:00:00Z"));
        assertThat(decision.rule()).isEqualTo("CALLING_WINDOWS 08:00-20:00");
        assertThat(decision.detail()).isEqualTo("Where the person is: America/Los_Angeles 20:00.");
    }

    @Test
    void mustBeOpenInTheGivenZoneAndInTheNumbersOwn() {
        var windows = windows("08:00-20:00");
        // 09:00 in New York, 06:00 in Seattle.
        var decision = windows.decide(SEATTLE, "America/New_York", at("2026-11-22T14:00:00Z"));
        assertThat(decision.open()).isFalse();
        assertThat(decision.until()).isEqualTo(at("2026-11-22T16:00:00Z"));
        assertThat(windows.decide(SEATTLE, "America/New_York", at("2026-11-23T02:00:00Z")).open()).isFalse();
        assertThat(windows.decide(SEATTLE, "America/New_York", at("2026-11-22T20:00:00Z")).open()).isTrue();
    }

    @Test
    void holdsAPersonWithoutAnyZone() {
        var decision = windows("08:00-20:00").decide(SATELLITE, null, at("2026-11-22T12:00:00Z"));
        assertThat(decision.open()).isFalse();
        assertThat(decision.code()).isEqualTo("no_time_zone");
        assertThat(decision.until()).isNull();
        assertThat(windows("08:00-20:00").decide(SATELLITE, "Europe/Paris", at("2026-11-22T12:00:00Z")).open())
                .isTrue();
    }

    @Test
    void alwaysNeedsNoZone() {
        var decision = windows("always").decide(SATELLITE, null, at("2026-11-22T03:00:00Z"));
        assertThat(decision.open()).isTrue();
        assertThat(decision.code()).isNull();
    }

    @Test
    void saysSoWhenNoMomentSuitsEveryZone() {
        var decision = windows("08:00-10:00").decide(SEATTLE, "Asia/Tokyo", at("2026-11-22T12:00:00Z"));
        assertThat(decision.open()).isFalse();
        assertThat(decision.until()).isNull();
    }

    @Test
    void describesAFreephoneNumberInOneShortSentence() {
        var decision = windows("08:00-20:00").decide(FREEPHONE, null, at("2026-11-22T12:00:00Z"));
        assertThat(decision.detail()).hasSizeLessThan(512).contains("more zones");
    }

    /** 02:30 does not exist on 2026-03-08 in New York: the clocks jump from 02:00 EST to 03:00 EDT. */
    @Test
    void opensAtTheJumpWhenItsStartIsSkipped() {
        var decision = windows("02:30-20:00").decide("+12015550123", null, at("2026-03-08T06:59:00Z"));
        assertThat(decision.until()).isEqualTo(at("2026-03-08T07:00:00Z"));
    }

    /** 01:30 comes twice on 2026-11-01 in New York: open from the first one, closed again, open from the second one. */
    @Test
    void opensTwiceWhenItsStartComesTwice() {
        var windows = windows("01:30-20:00");
        assertThat(windows.decide("+12015550123", null, at("2026-11-01T05:00:00Z")).until())
                .isEqualTo(at("2026-11-01T05:30:00Z"));
        assertThat(windows.decide("+12015550123", null, at("2026-11-01T05:59:00Z")).open()).isTrue();
        assertThat(windows.decide("+12015550123", null, at("2026-11-01T06:00:00Z")).until())
                .isEqualTo(at("2026-11-01T06:30:00Z"));
    }

    /** Around both changes of each zone, Lord Howe's being by half an hour: compared with looking minute by minute. */
    @ParameterizedTest
    @CsvSource({
        "America/New_York, 2026-03-08T07:00:00Z",
        "America/New_York, 2026-11-01T06:00:00Z",
        "Australia/Lord_Howe, 2026-04-04T15:00:00Z",
        "Australia/Lord_Howe, 2026-10-03T15:30:00Z",
    })
    void opensAtTheVeryMinuteAlsoWhereClocksChange(String zone, String change) {
        var random = new Random(20261122);
        for (int i = 0; i < 300; i++) {
            int start = random.nextInt(24 * 60 - 1);
            int end = start + 1 + random.nextInt(24 * 60 - start);
            var other = random.nextBoolean() ? zone : "Europe/London";
            var windows = windows("%02d:%02d-%02d:%02d".formatted(start / 60, start % 60, end / 60, end % 60));
            var now = at(change).plusMinutes(random.nextInt(4 * 24 * 60) - 3 * 24 * 60);

            var decision = windows.decide(numberIn(other), zone, now);

            var opening = firstOpenMinute(now, List.of(ZoneId.of(zone), ZoneId.of(other)), start, end);
            assertThat(decision.open()).isEqualTo(now.equals(opening));
            if (!decision.open()) {
                assertThat(decision.until()).as("%s %d-%d from %s", zone, start, end, now).isEqualTo(opening);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "never", "8-20", "08:00", "08:00-08:00", "20:00-08:00", "08:00-24:01", "08:60-09:00",
        "25:00-26:00"})
    void refusesASettingThatIsNotAWindow(String setting) {
        assertThatIllegalArgumentException().isThrownBy(() -> windows(setting))
                .withMessageStartingWith("CALLING_WINDOWS");
    }

    @Test
    void takesAWholeDay() {
        assertThat(windows("00:00-24:00").decide(SEATTLE, null, at("2026-11-22T07:59:59Z")).open()).isTrue();
    }

    private static OffsetDateTime firstOpenMinute(OffsetDateTime from, List<ZoneId> zones, int start, int end) {
        for (var at = from; at.isBefore(from.plusDays(8)); at = at.plusMinutes(1)) {
            var moment = at;
            if (zones.stream().allMatch(zone -> {
                LocalTime clock = moment.atZoneSameInstant(zone).toLocalTime();
                int minute = clock.getHour() * 60 + clock.getMinute();
                return minute >= start && minute < end;
            })) {
                return at;
            }
        }
        return null;
    }

    private static String numberIn(String zone) {
        return switch (zone) {
            case "America/New_York" -> "+12015550123";
            case "Europe/London" -> "+442079460000";
            default -> SATELLITE;
        };
    }

    private CallingWindows windows(String setting) {
        return new CallingWindows(numbers, setting);
    }

    private static OffsetDateTime at(String time) {
        return OffsetDateTime.parse(time);
    }
}
