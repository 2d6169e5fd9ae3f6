package dev.voiceai.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoNotCallRulesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OffsetDateTime now = OffsetDateTime.parse("2026-11-22T12:00:00Z");
    private final DoNotCallRules rules = new DoNotCallRules(new PhoneNumbers(), () -> now);

    @Test
    void namesEveryNumberThatCanNotBe() throws Exception {
        var body = JSON.readTree("""
                {"numbers": ["+1206555", "+12065550100", "+999123456789"], "until": "2026-11-22T12:00:00Z", "reason": "\\u0000"}""");

        assertThat(Refusals.of(() -> rules.check(body))).containsExactlyInAnyOrder("/numbers/0 impossible_number",
                "/numbers/2 impossible_number", "/until in_past", "/reason forbidden_character");
    }

    @Test
    void takesContactsAndTimesThatLieAhead() {
        assertThatNoException().isThrownBy(() ->
                rules.check(JSON.readTree("{\"contact_id\": \"c\", \"until\": \"2026-11-22T13:00:01+01:00\"}")));
    }

    @ParameterizedTest
    @CsvSource({"2027-01-01T00:00Z, 2027-01-01T00:00:00Z", "' 2026-11-22T13:00:01+01:00', 2026-11-22T13:00:01+01:00"})
    void readsATimeThatAnAgentUnderstood(String text, String end) {
        assertThat(rules.aheadOrNever(text)).isEqualTo(end);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "next year", "2027-01-01", "2026-11-22T12:00:00Z", "2020-01-01T00:00:00Z", "+12027-01-01T00:00:00Z"})
    void takesWhatIsNoSuchTimeForNever(String text) {
        assertThat(rules.aheadOrNever(text)).isNull();
    }
}
