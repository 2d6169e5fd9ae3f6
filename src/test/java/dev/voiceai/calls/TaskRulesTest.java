package dev.voiceai.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskRulesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SEATTLE = "+12065550100";
    private static final String FREEPHONE = "+18005550100";

    private final OffsetDateTime now = OffsetDateTime.parse("2026-02-01T12:00:00Z");
    private final TaskRules rules = rules("always");

    private TaskRules rules(String windows) {
        var numbers = new PhoneNumbers();
        return new TaskRules(numbers, new CallingWindows(numbers, windows, Map.of(), Map.of()), () -> now);
    }

    @ParameterizedTest
    @CsvSource({
        // With an offset it is that moment, whatever is known of the person.
        "2026-09-25T09:00:00-07:00, , , 2026-09-25T16:00:00Z",
        "2026-09-25T09:00:00.250-07:00, , Europe/Paris, 2026-09-25T16:00:00.250Z",
        "2026-09-25t16:00:00z, , , 2026-09-25T16:00:00Z",
        "2026-09-25T09:00:00-07:00, America/Los_Angeles, , 2026-09-25T16:00:00Z",
        // Without one: the zone given, else the zone known, else that of the number.
        "2026-09-25T09:00, America/New_York, Europe/Paris, 2026-09-25T13:00:00Z",
        "2026-09-25 09:00:00, , Europe/Paris, 2026-09-25T07:00:00Z",
        "2026-09-25T09:00:00, , , 2026-09-25T16:00:00Z",
    })
    void readsTheMomentThatIsMeant(String text, String zone, String known, String moment) {
        assertThat(rules.notBefore(task(text, zone), known, SEATTLE)).isEqualTo(OffsetDateTime.parse(moment));
    }

    @ParameterizedTest
    @CsvSource({
        // Skipped: the next minute that exists.
        "2026-03-08T02:30, America/New_York, 2026-03-08T07:00:00Z",
        "2026-03-08T02:00, America/New_York, 2026-03-08T07:00:00Z",
        "2026-10-04T02:15, Australia/Lord_Howe, 2026-10-03T15:30:00Z",
        // Twice: the later one.
        "2026-11-01T01:30, America/New_York, 2026-11-01T06:30:00Z",
        "2026-04-05T01:45, Australia/Lord_Howe, 2026-04-04T15:15:00Z",
        // Just beside.
        "2026-03-08T03:00, America/New_York, 2026-03-08T07:00:00Z",
        "2026-11-01T02:00, America/New_York, 2026-11-01T07:00:00Z",
    })
    void neverCallsTooEarlyWhereClocksChange(String text, String zone, String moment) {
        assertThat(rules.notBefore(task(text, zone), null, null)).isEqualTo(OffsetDateTime.parse(moment));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-09-25T09:00:00-08:00, America/Los_Angeles, /not_before zone_mismatch",
        "2026-09-25T09:00:00Z, America/Los_Angeles, /not_before zone_mismatch",
        "2026-09-25T09:00:00-07:00, America/Nowhere, /timezone unknown_zone",
        "2026-02-30T09:00:00Z, , /not_before invalid_time",
        "2026-09-25T24:30:00Z, , /not_before invalid_time",
        "2026-09-25T09:00:00+19:00, , /not_before invalid_time",
        "2026-02-01T12:00:00Z, , /not_before in_past",
        "2020-01-01T00:00:00Z, , /not_before in_past",
        "2027-02-01T12:00:01Z, , /not_before too_far_ahead",
        "tomorrow at nine, , /not_before not_a_time",
    })
    void refusesAMomentThatCanNotBe(String text, String zone, String error) {
        assertThat(Refusals.of(() -> rules.notBefore(task(text, zone), null, SEATTLE))).containsExactly(error);
    }

    @Test
    void asksForTheZoneWhenTheNumberHasSeveral() {
        assertThat(Refusals.of(() -> rules.notBefore(task("2026-09-25T09:00", null), null, FREEPHONE)))
                .containsExactly("/not_before zone_missing");
        assertThat(Refusals.of(() -> rules.notBefore(task("2026-09-25T09:00", null), null, null)))
                .containsExactly("/not_before zone_missing");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-09-25, The time of day is missing.",
        "09:00, The date is missing.",
        "9:30Z, The date is missing.",
        "tomorrow at nine, The date and the time of day are missing.",
        "next week, The date and the time of day are missing.",
    })
    void saysInASentenceWhatIsMissing(String text, String sentence) {
        var errors = Refusals.errors(() -> rules.notBefore(task(text, null), null, SEATTLE));
        assertThat(errors).singleElement().satisfies(error -> {
            assertThat(error.message()).startsWith(sentence).endsWith(".");
            assertThat(error.message()).doesNotContain(text + " ");
        });
    }

    @Test
    void checksWhatEveryTaskMayCarry() throws Exception {
        assertThatNoException().isThrownBy(() -> rules.check(JSON.readTree(
                "{\"call_id\": \"call_1\", \"fields\": {\"a\": 1}}")));
        var task = JSON.createObjectNode()
                .put("from_number", "+1206555").put("timezone", "Mars/Base").put("reason", "\0").put("until", "2026-02-01T12:00:00Z");
        task.putObject("fields").put("a", "x".repeat(17_000));
        assertThat(Refusals.of(() -> rules.check(task))).containsExactlyInAnyOrder("/from_number impossible_number",
                "/timezone unknown_zone", "/until in_past", "/fields too_large", "/reason forbidden_character");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        // Open: it stays. Friday noon in Seattle.
        "2026-09-25T12:00:00-07:00 | - | - | +12065550100 | 2026-09-25T19:00:00Z | false | Friday, September 25 at 12:00 PM",
        // Closed: the next opening, by the zone given, the zone known, the zone of the number.
        "2026-09-25T21:00 | America/New_York | - | +12125550100 | 2026-09-28T12:00:00Z | true | Monday, September 28 at 8:00 AM",
        "2026-09-25T07:59 | - | America/New_York | +12125550100 | 2026-09-25T12:00:00Z | true | Friday, September 25 at 8:00 AM",
        "2026-09-26T10:00 | - | - | +12065550100 | 2026-09-28T15:00:00Z | true | Monday, September 28 at 8:00 AM",
        // It must be open in the zone given and in that of the number, as at the gate.
        "2026-09-25T09:00 | America/New_York | - | +12065550100 | 2026-09-25T15:00:00Z | true | Friday, September 25 at 11:00 AM",
        // Across a change of the clocks and of the year.
        "2026-03-07T09:00 | America/New_York | - | +12125550100 | 2026-03-09T12:00:00Z | true | Monday, March 9 at 8:00 AM",
        "2027-01-04T09:30 | - | - | +12125550100 | 2027-01-04T14:30:00Z | false | Monday, January 4, 2027 at 9:30 AM",
    })
    void movesACallToTheNextOpeningOfTheWindow(
            String text, String zone, String known, String number, OffsetDateTime at, boolean moved, String words) {
        var callback = rules("mon-fri 08:00-20:00").plan(task(text, zone), known, number);

        assertThat(callback.at()).isEqualTo(at);
        assertThat(callback.movedFrom() != null).isEqualTo(moved);
        assertThat(callback.localTime()).isEqualTo(words);
    }

    @Test
    void saysTheOffsetWhereNoZoneIsKnown() {
        assertThat(rules.plan(task("2026-09-25T09:00:00-07:00", null), null, FREEPHONE).localTime())
                .isEqualTo("Friday, September 25 at 9:00 AM UTC-07:00");
        assertThat(rules.plan(task("2026-09-25T09:00:00Z", null), null, FREEPHONE).localTime())
                .isEqualTo("Friday, September 25 at 9:00 AM UTC");
    }

    @Test
    void plansNoCallThatTheGateWouldHoldForEver() {
        var nowhere = "+8835100012345678".substring(0, 15);
        assertThat(Refusals.of(() -> rules("08:00-20:00").plan(task("2026-09-25T09:00:00Z", null), null, nowhere)))
                .containsExactly("/not_before zone_missing");
        assertThat(Refusals.of(() -> rules("00:00-00:01").plan(task("2026-09-25T09:00", "Asia/Tokyo"), null, SEATTLE)))
                .containsExactly("/not_before never_open");
    }

    private static ObjectNode task(String notBefore, String timezone) {
        var task = JSON.createObjectNode().put("not_before", notBefore);
        return timezone == null ? task : task.put("timezone", timezone);
    }
}
