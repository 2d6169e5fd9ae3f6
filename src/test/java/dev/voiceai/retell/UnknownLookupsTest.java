package dev.voiceai.retell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownLookupsTest {

    private static final OffsetDateTime LOST = OffsetDateTime.parse("2026-11-22T12:00:00Z");

    private final UnknownLookups lookups = new UnknownLookups("PT5S, PT15S,PT45S,PT2M");

    @Test
    void aLookThatFindsNothingIsFollowedByTheNextOne() {
        assertThat(lookups.first(LOST)).isEqualTo(LOST.plusSeconds(5));
        assertThat(lookups.next(0, true, LOST.plusSeconds(5))).isEqualTo(LOST.plusSeconds(15));
        assertThat(lookups.next(1, true, LOST.plusSeconds(15))).isEqualTo(LOST.plusSeconds(45));
        assertThat(lookups.next(2, true, LOST.plusSeconds(45))).isEqualTo(LOST.plusSeconds(120));
    }

    @Test
    void afterTheLastOneAPersonDecides() {
        assertThat(lookups.next(3, true, LOST)).isNull();
        assertThat(lookups.next(9, true, LOST)).isNull();
    }

    @Test
    void aLookThatProvedNothingIsNotTheLastForADay() {
        assertThat(lookups.next(3, false, LOST)).isEqualTo(LOST.plusMinutes(2));
        assertThat(lookups.next(50, false, LOST)).isEqualTo(LOST.plusMinutes(2));
        assertThat(lookups.next(3 + 719, false, LOST)).isEqualTo(LOST.plusMinutes(2));
        assertThat(lookups.next(3 + 720, false, LOST)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT5S,PT5S", "PT15S,PT5S"})
    void theMomentsMustAscend(String setting) {
        assertThatThrownBy(() -> new UnknownLookups(setting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("UNKNOWN_LOOKUPS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5s", "PT5S,,PT15S"})
    void whatIsNoDurationIsRefused(String setting) {
        assertThatThrownBy(() -> new UnknownLookups(setting)).isInstanceOf(DateTimeException.class);
    }
}
