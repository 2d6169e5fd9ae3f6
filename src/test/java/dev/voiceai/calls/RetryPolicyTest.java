package dev.voiceai.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.voiceai.calls.RetryPolicy.Plan;
import dev.voiceai.calls.RetryPolicy.Setting;
import dev.voiceai.settings.StartFailure;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

    private static final String PARIS = "+33142685300";
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-23T11:00:00Z");

    private final PhoneNumbers numbers = new PhoneNumbers();

    @ParameterizedTest
    @CsvSource({"1, PT10S", "2, PT30S", "3, PT5M", "4, PT5M", "9, PT5M"})
    void theLastDelayRepeats(int ended, String delay) {
        var policy = policy(new Setting("10", "PT10S, PT30S,PT5M", null));

        assertThat(policy.plan("busy", ended, NOW, null, PARIS, null))
                .isEqualTo(new Plan(true, NOW.plus(Duration.parse(delay)), "busy"));
    }

    @Test
    void afterTheLastAttemptThereIsNone() {
        var policy = policy(new Setting("3", "PT10S", "true"));

        assertThat(policy.plan("busy", 2, NOW, null, PARIS, null).again()).isTrue();
        assertThat(policy.plan("busy", 3, NOW, null, PARIS, null)).isEqualTo(new Plan(false, null, "busy"));
        assertThat(policy.plan("busy", 4, NOW, null, PARIS, null).again()).isFalse();
        assertThat(policy(new Setting("1", null, "")).plan("busy", 1, NOW, null, PARIS, null).again()).isFalse();
    }

    @Test
    void aCauseWithoutARowIsNotTriedAgain() {
        var policy = policy(new Setting("3", "PT10S", "false"));

        assertThat(policy.plan("user_hangup", 1, NOW, null, PARIS, null)).isEqualTo(new Plan(false, null, null));
        assertThat(policy.plan(null, 1, NOW, null, PARIS, null)).isEqualTo(new Plan(false, null, null));
    }

    @Test
    void neverBeforeTheMomentThatRetellAskedFor() {
        var policy = policy(new Setting("3", "PT10S", null));

        assertThat(policy.plan("busy", 1, NOW, NOW.plusSeconds(60), PARIS, null).at()).isEqualTo(NOW.plusSeconds(60));
        assertThat(policy.plan("busy", 1, NOW, NOW.plusSeconds(9), PARIS, null).at()).isEqualTo(NOW.plusSeconds(10));
    }

    @Test
    void theNextDayIsOneWhereThePersonIs() {
        var policy = policy(new Setting("4", "PT4H,P3D", "true"));
        var morning = OffsetDateTime.parse("2026-11-24T07:00:00Z");

        assertThat(policy.plan("busy", 1, NOW, null, PARIS, null).at()).isEqualTo(morning);
        assertThat(policy.plan("busy", 2, NOW, null, PARIS, null).at()).isEqualTo(NOW.plusDays(3));
        assertThat(policy.plan("busy", 1, NOW, morning.plusHours(1), PARIS, null).at()).isEqualTo(morning.plusHours(1));
        assertThat(policy.plan("busy", 1, NOW, null, PARIS, "Asia/Tokyo").at()).as("never open in both, so 24 hours")
                .isEqualTo(NOW.plusDays(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "| PT10S | false | attempts",
        "0 | PT10S | false | attempts",
        "-1 | PT10S | false | attempts",
        "two | PT10S | false | attempts",
        "1.5 | PT10S | false | attempts",
        "99999999999 | PT10S | false | attempts",
        "2 || false | delays",
        "2 | 10 | false | delays",
        "2 | PT10S,, PT20S | false | delays",
        "2 | PT10S, | false | delays",
        "2 | PT-10S | false | delays",
        "2 | P366D | false | delays",
        "1 | soon | false | delays",
        "2 | PT10S | maybe | next-day",
    })
    void aWrongRowIsNamedWithWhatIsWrong(String attempts, String delays, String nextDay, String field) {
        assertThatThrownBy(() -> policy(new Setting(attempts, delays, nextDay)))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("The row policy.busy is not valid: " + field + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.2S", "P365D", "P1DT12H"})
    void aDelayIsAnyDurationOfUpToAYear(String delay) {
        assertThat(policy(new Setting("2", delay, "false")).plan("busy", 1, NOW, null, PARIS, null).again()).isTrue();
    }

    private RetryPolicy policy(Setting setting) {
        var windows = new CallingWindows(numbers, "08:00-10:00", Map.of(), Map.of());
        return new RetryPolicy(windows, Map.of("busy", setting));
    }
}
