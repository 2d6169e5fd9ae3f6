package dev.voiceai.calls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneNumbersTest {

    private final PhoneNumbers numbers = new PhoneNumbers();

    @ParameterizedTest
    @CsvSource({
        "+12065550100, US, America/Los_Angeles",
        "+12015550123, US, America/New_York",
        "+18085550123, US, Pacific/Honolulu",
        "+442079460000, GB, Europe/London",
        "+4915112345678, DE, Europe/Berlin",
        "+61255501234, AU, Australia/Sydney",
        "+5511987654321, BR, America/Sao_Paulo",
    })
    void knowsRegionAndZoneOfANumber(String number, String region, String zone) {
        assertThat(numbers.isPossible(number)).isTrue();
        assertThat(numbers.region(number)).isEqualTo(region);
        assertThat(numbers.zones(number)).containsExactly(zone);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+18005550100", "+79161234567"})
    void givesEveryZoneOfANumberThatDoesNotTellWhichOne(String number) {
        assertThat(numbers.zones(number)).hasSizeGreaterThan(5).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"+88213000000", "+447700900123"})
    void givesNoZoneWhenNoneIsKnown(String number) {
        assertThat(numbers.isPossible(number)).isTrue();
        assertThat(numbers.zones(number)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "+12065550100, America/New_York, America/New_York",
        "+12065550100, -, America/Los_Angeles",
        "+12065550100, Moon/Base, America/Los_Angeles",
        // Mobile numbers of the islands and of the mainland: several zones, one clock.
        "+447911123456, -, Europe/Guernsey",
        // Several clocks, of which some are the same for half of the year.
        "+18005550100, -, -",
        "+61412345678, -, -",
        "+88213000000, -, -",
    })
    void tellsByWhichClockThePersonLivesWhereThatIsKnown(String number, String given, String clock) {
        assertThat(numbers.clock(number, given)).isEqualTo(clock);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+1206555", "+99912345678", "+120655501000", "2065550100", "+1 206 555 0100",
        "+12065550100\n", "+12065550100;ext=5", "+1206CALLNOW", ""})
    void refusesWhatCanNotBeANumber(String number) {
        assertThat(numbers.isPossible(number)).isFalse();
        assertThat(numbers.zones(number)).isEmpty();
        assertThat(numbers.region(number)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "+12065550142, +1206•••42",
        "+4915112345678, +4915•••78",
        "+1234567, +1•••67",
        "+123456789, +123•••89",
        "+12, •••",
    })
    void masksAllButTheEnds(String number, String masked) {
        assertThat(numbers.mask(number)).isEqualTo(masked);
    }

    @Test
    void toleratesNoNumber() {
        assertThat(numbers.mask(null)).isNull();
        assertThat(numbers.zones(null)).isEmpty();
        assertThat(numbers.isPossible(null)).isFalse();
    }
}
