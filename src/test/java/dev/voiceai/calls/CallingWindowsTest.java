package dev.voiceai.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.voiceai.settings.StartFailure;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallingWindowsTest {

    private static final String SEATTLE = "+12065550100";
    private static final String SATELLITE = "+88213000000";
    private static final String FREEPHONE = "+18005550100";
    private static final String PARIS = "+33142685300";

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
        assertThat(decision.detail()).isEqualTo("Where the person is: America/Los_Angeles Sun 20:00.");
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
        assertThat(decision.detail()).hasSizeLessThanOrEqualTo(500).contains("more zones");
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

    @ParameterizedTest
    @ValueSource(strings = {"", "never", "8-20", "08:00", "08:00-08:00", "20:00-08:00", "08:00-24:01", "08:60-09:00",
        "25:00-26:00", "mon", "mon-fri", "mon-fri 08:00-20:00,", "mon-fri 08:00-20:00, sat", "08:00-12:00, 13:00-20:00",
        "08:00-20:00, sat 10:00-14:00", "mon 08:00-12:00 tue 08:00-12:00", "monday 08:00-20:00", "mo-fr 08:00-20:00",
        "mon-wed-fri 08:00-20:00", "mon-fri 08:00-20:00, fri 10:00-14:00", "mon mon 08:00-20:00",
        "fri-mon 08:00-20:00, sun 10:00-14:00", "always, sat 08:00-20:00", "08:00-20:00 always"})
    void refusesASettingThatIsNotAWindow(String setting) {
        assertThatThrownBy(() -> windows(setting))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("CALLING_WINDOWS");
        assertThatThrownBy(() -> windows("always", Map.of("FR", setting.isEmpty() ? "," : setting), Map.of()))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("calling.countries.FR");
    }

    @Test
    void saysWhatIsWrongWithASetting() {
        assertThatThrownBy(() -> windows("mon-fri 08:00-20:00, sat"))
                .hasMessage("The calling windows of CALLING_WINDOWS are not valid: a rule has no window.");
        assertThatThrownBy(() -> windows("mon-fri 08:00-20:00, fri 08:00-12:00"))
                .hasMessage("The calling windows of CALLING_WINDOWS are not valid: a weekday is named twice.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"12-32", "02-30", "2026-02-29", "2026-2-1", "25.12.", "12-25 12-26", "12-25,", ",", "holiday"})
    void refusesAClosedDateThatIsNone(String dates) {
        assertThatThrownBy(() -> windows("08:00-20:00", Map.of(), Map.of("FR", dates)))
                .isInstanceOf(StartFailure.class)
                .hasMessage("The closed dates of calling.closed-dates.FR are not valid: at least one is no date.");
    }

    /** YAML reads the key NO as false; UK is not the code of Great Britain. */
    @ParameterizedTest
    @ValueSource(strings = {"false", "UK", "FRA", "001", "", "F"})
    void refusesACountryThatIsNone(String country) {
        assertThatThrownBy(() -> windows("08:00-20:00", Map.of(country, "08:00-20:00"), Map.of()))
                .isInstanceOf(StartFailure.class)
                .hasMessage("calling.countries." + country + " names no country that has phone numbers.");
        assertThatThrownBy(() -> windows("08:00-20:00", Map.of(), Map.of(country, "01-01")))
                .hasMessageStartingWith("calling.closed-dates." + country + " ");
    }

    @Test
    void takesAWholeDay() {
        assertThat(windows("00:00-24:00").decide(SEATTLE, null, at("2026-11-22T07:59:59Z")).open()).isTrue();
    }

    @Test
    void takesSeveralWindowsADay() {
        var windows = windows("10:00-13:00  14:00-20:00");
        assertThat(windows.decide(PARIS, null, at("2026-11-23T11:59:00Z")).open()).isTrue();
        var decision = windows.decide(PARIS, null, at("2026-11-23T12:00:00Z"));
        assertThat(decision.open()).isFalse();
        assertThat(decision.until()).isEqualTo(at("2026-11-23T13:00:00Z"));
    }

    @Test
    void aWeekdayThatIsNotNamedIsClosed() {
        var windows = windows("mon-fri 10:00-13:00 14:00-20:00, sat 10:00-14:00");
        // 2026-11-21 is a Saturday.
        assertThat(windows.decide(PARIS, null, at("2026-11-21T12:59:00Z")).open()).isTrue();
        var decision = windows.decide(PARIS, null, at("2026-11-21T13:00:00Z"));
        assertThat(decision.until()).isEqualTo(at("2026-11-23T09:00:00Z"));
        assertThat(decision.rule()).isEqualTo("CALLING_WINDOWS sat 10:00-14:00");
        assertThat(windows.decide(PARIS, null, at("2026-11-22T12:00:00Z")).rule())
                .isEqualTo("CALLING_WINDOWS mon-fri 10:00-13:00 14:00-20:00, sat 10:00-14:00");
        assertThat(windows.decide(PARIS, null, at("2026-11-23T12:00:00Z")).rule())
                .isEqualTo("CALLING_WINDOWS mon-fri 10:00-13:00 14:00-20:00");
    }

    @Test
    void aRangeOfDaysMayWrap() {
        var windows = windows("FRI-Mon 10:00-14:00, wed 08:00-09:00");
        var noon = at("2026-11-23T12:00:00Z");
        var open = IntStream.range(0, 7).mapToObj(day -> windows.decide(PARIS, null, noon.plusDays(day)).open()).toList();
        assertThat(open).containsExactly(true, false, false, false, true, true, true);
    }

    @Test
    void aCountryHasItsOwnWindowsInsteadOfTheCommonOnes() {
        var windows = windows("08:00-20:00", Map.of("FR", "mon-fri 10:00-13:00 14:00-20:00", "DE", " "), Map.of());
        var early = at("2026-11-23T08:00:00Z");
        var decision = windows.decide(PARIS, null, early);
        assertThat(decision.open()).isFalse();
        assertThat(decision.until()).isEqualTo(at("2026-11-23T09:00:00Z"));
        assertThat(decision.rule()).isEqualTo("calling.countries.FR mon-fri 10:00-13:00 14:00-20:00");
        assertThat(decision.detail()).isEqualTo("Where the person is: Europe/Paris Mon 09:00.");
        assertThat(windows.decide(PARIS, null, at("2026-11-22T12:00:00Z")).until()).isEqualTo(early.plusHours(1));
        var german = windows.decide("+4930901820", null, early);
        assertThat(german.open()).isTrue();
        assertThat(german.rule()).isEqualTo("CALLING_WINDOWS 08:00-20:00");
    }

    /** +447700900123 is of no range that is assigned. */
    @Test
    void aNumberOfNoKnownRegionHasTheRulesOfItsCallingCode() {
        var windows = windows("08:00-20:00", Map.of("GB", "mon-fri 10:00-12:00"), Map.of());
        assertThat(windows.decide("+447700900123", "Europe/London", at("2026-11-23T12:00:00Z")).rule())
                .isEqualTo("calling.countries.GB mon-fri 10:00-12:00");
        assertThat(windows.decide(SATELLITE, "Europe/London", at("2026-11-23T12:00:00Z")).open()).isTrue();
    }

    @Test
    void aClosedDateIsClosedAllDayOnThePersonsClock() {
        var windows = windows("00:00-24:00", Map.of(), Map.of("FR", "12-25, 2026-12-27"));
        assertThat(windows.decide(PARIS, null, at("2026-12-24T22:59:00Z")).open()).isTrue();
        var decision = windows.decide(PARIS, null, at("2026-12-24T23:00:00Z"));
        assertThat(decision.code()).isEqualTo("outside_calling_window");
        assertThat(decision.until()).isEqualTo(at("2026-12-25T23:00:00Z"));
        assertThat(decision.rule()).isEqualTo("calling.closed-dates.FR");
        assertThat(windows.decide(PARIS, null, at("2026-12-27T12:00:00Z")).open()).isFalse();
        assertThat(windows.decide(PARIS, null, at("2027-12-25T12:00:00Z")).open()).isFalse();
        assertThat(windows.decide(PARIS, null, at("2027-12-27T12:00:00Z")).open()).isTrue();
        assertThat(windows.decide(SEATTLE, null, at("2026-12-25T22:00:00Z")).open()).isTrue();
    }

    @Test
    void aClosedDateCountsInEveryZone() {
        var windows = windows("00:00-24:00", Map.of(), Map.of("US", "11-26"));
        assertThat(windows.decide(SEATTLE, "Europe/Paris", at("2026-11-25T22:59:00Z")).open()).isTrue();
        assertThat(windows.decide(SEATTLE, "Europe/Paris", at("2026-11-25T23:00:00Z")).until())
                .isEqualTo(at("2026-11-27T08:00:00Z"));
    }

    @Test
    void aLeapDayIsClosedInLeapYears() {
        var windows = windows("08:00-20:00", Map.of(), Map.of("FR", "02-29"));
        assertThat(windows.decide(PARIS, null, at("2028-02-29T12:00:00Z")).open()).isFalse();
        assertThat(windows.decide(PARIS, null, at("2027-02-28T12:00:00Z")).open()).isTrue();
        assertThat(windows.decide(PARIS, null, at("2027-03-01T12:00:00Z")).open()).isTrue();
    }

    @Test
    void findsTheOpeningAfterAMonthOfClosedDates() {
        var december = IntStream.rangeClosed(1, 31).mapToObj("12-%02d"::formatted).collect(Collectors.joining(", "));
        var windows = windows("fri 10:00-11:00", Map.of(), Map.of("FR", december));
        assertThat(windows.decide(PARIS, null, at("2026-11-28T12:00:00Z")).until()).isEqualTo(at("2027-01-01T09:00:00Z"));
    }

    @Test
    void alwaysLeavesOutCountriesAndClosedDates() {
        var windows = windows("always", Map.of("FR", "mon 10:00-11:00"), Map.of("FR", "11-22"));
        var decision = windows.decide(PARIS, null, at("2026-11-22T03:00:00Z"));
        assertThat(decision.open()).isTrue();
        assertThat(decision.rule()).isEqualTo("CALLING_WINDOWS always");
    }

    @Test
    void aLongRuleIsCutToItsColumn() {
        var rules = "mon 08:00-09:00, tue 08:00-09:00, wed 08:00-09:00, thu 08:00-09:00, fri 08:00-09:00, sat 08:00-09:00,"
                + " sun 08:00-09:00";
        var decision = windows("08:00-20:00", Map.of("US", rules), Map.of())
                .decide("+16175550100", null, at("2026-11-22T02:00:00Z"));
        assertThat(decision.rule()).isEqualTo("calling.countries.US sat 08:00-09:00");
        assertThat(windows(rules).decide(SATELLITE, null, at("2026-11-22T02:00:00Z")).rule())
                .hasSize(128)
                .endsWith("…");
    }

    @Test
    void theNextDayBeginsWithItsWindow() {
        var windows = windows("08:00-20:00", Map.of("FR", "mon-fri 10:00-13:00"), Map.of("FR", "11-23"));
        // 23:30 on the day before in Los Angeles.
        assertThat(windows.nextDay(SEATTLE, null, at("2026-11-23T07:30:00Z"))).isEqualTo(at("2026-11-23T16:00:00Z"));
        assertThat(windows.nextDay(SEATTLE, null, at("2026-11-23T08:30:00Z"))).isEqualTo(at("2026-11-24T16:00:00Z"));
        assertThat(windows.nextDay(PARIS, null, at("2026-11-20T11:00:00Z"))).isEqualTo(at("2026-11-24T09:00:00Z"));
        assertThat(windows("00:00-24:00").nextDay(PARIS, null, at("2026-11-20T11:00:00Z")))
                .isEqualTo(at("2026-11-20T23:00:00Z"));
    }

    /** At 21:00 in Seattle it is past midnight in New York. */
    @Test
    void theNextDayIsOneOfTheGivenZone() {
        var windows = windows("00:00-24:00");
        var evening = at("2026-11-23T04:30:00Z");
        assertThat(windows.nextDay(SEATTLE, "America/New_York", evening)).isEqualTo(at("2026-11-23T05:00:00Z"));
        assertThat(windows.nextDay(SEATTLE, "nowhere", evening)).isEqualTo(at("2026-11-23T08:00:00Z"));
    }

    @Test
    void withAlwaysTheNextDayBeginsAtTheSameTimeOfDay() {
        var windows = windows("always");
        assertThat(windows.nextDay(PARIS, null, at("2026-11-20T11:15:00Z"))).isEqualTo(at("2026-11-21T11:15:00Z"));
        // The clocks go back in that night.
        assertThat(windows.nextDay(PARIS, null, at("2026-10-24T11:15:00Z"))).isEqualTo(at("2026-10-25T12:15:00Z"));
        assertThat(windows.nextDay(SATELLITE, null, at("2026-11-20T11:15:00Z"))).isEqualTo(at("2026-11-21T11:15:00Z"));
    }

    @Test
    void theNextDayIsADayAheadWhereNoWindowIsKnownToOpen() {
        var from = at("2026-11-20T11:15:00Z");
        assertThat(windows("08:00-20:00").nextDay(SATELLITE, null, from)).isEqualTo(from.plusDays(1));
        assertThat(windows("08:00-10:00").nextDay(SEATTLE, "Asia/Tokyo", from)).isEqualTo(from.plusDays(1));
    }

    private CallingWindows windows(String setting) {
        return windows(setting, Map.of(), Map.of());
    }

    private CallingWindows windows(String setting, Map<String, String> countries, Map<String, String> closedDates) {
        return new CallingWindows(numbers, setting, countries, closedDates);
    }

    private static OffsetDateTime at(String time) {
        return OffsetDateTime.parse(time);
    }
}
