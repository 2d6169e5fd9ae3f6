package dev.voiceai.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.calls.AgentPairs.AgentPair;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallRulesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final OffsetDateTime now = OffsetDateTime.parse("2026-11-22T12:00:00Z");
    private final PhoneNumbers numbers = new PhoneNumbers();
    private final AgentPairs agentPairs = new AgentPairs(
            List.of(new AgentPair("agent_1", "+14155550101", List.of("reminder", "survey"), true, "announced")),
            "agent_0", "+14155550100", numbers);
    private final CallRules rules = new CallRules(numbers, agentPairs, () -> now);

    @Test
    void acceptsTheSmallestCall() {
        assertThatNoException().isThrownBy(() -> rules.check(call()));
    }

    @Test
    void acceptsACallWithEverything() throws Exception {
        var call = JSON.readTree("""
                {"to_number": "+12065550100", "from_number": "+14155550100", "timezone": "America/New_York",
                 "not_before": "2026-11-23T09:00:00-05:00", "expires_at": "2026-11-23T20:00:00.5-05:00",
                 "consent": {"basis": "express", "obtained_at": "2026-11-22T12:04:00Z", "reference": "form"},
                 "dynamic_variables": {"name": "Zoë 👋"}, "metadata": {"a": [1, {"b": null}]}}
                """);
        assertThatNoException().isThrownBy(() -> rules.check(call));
    }

    @ParameterizedTest
    @CsvSource({
        "to_number, +1206555, impossible_number",
        "to_number, '+12065550100\n', impossible_number",
        "from_number, +99912345678, impossible_number",
        "timezone, America/Nowhere, unknown_zone",
        "timezone, +02:00, unknown_zone",
        "timezone, PST, unknown_zone",
        "expires_at, 2026-11-22T12:00:00Z, in_past",
        "expires_at, 2020-01-01T00:00:00Z, in_past",
        "not_before, 2027-11-22T12:00:01Z, too_far_ahead",
        "not_before, 2026-12-01 09:00:00Z, invalid_time",
        "expires_at, 2026-12-31T23:59:60Z, invalid_time",
    })
    void namesTheOneFieldThatIsWrong(String field, String value, String code) {
        var call = call().put(field, value);
        assertThat(Refusals.of(() -> rules.check(call))).containsExactly("/" + field + " " + code);
    }

    @ParameterizedTest
    @CsvSource({
        "          ,             ,",
        "agent_0   ,             , anything",
        "          , +14155550100,",
        "agent_1   , +14155550101, survey",
    })
    void acceptsAPairThatIsListedForThePurpose(String agentId, String fromNumber, String purpose) {
        assertThatNoException().isThrownBy(() -> rules.check(call(agentId, fromNumber, purpose)));
    }

    @ParameterizedTest
    @CsvSource({
        "agent_2   ,             ,          , /agent_id agent_not_listed",
        "agent_2   , +14155550101, reminder , /agent_id agent_not_listed",
        "agent_1   ,             , reminder , /agent_id agent_not_listed",
        "          , +14155550101, reminder , /from_number agent_not_listed",
        "agent_1   , +14155550101,          , /purpose required",
        "agent_1   , +14155550101, Reminder , /purpose purpose_not_allowed",
    })
    void namesWhatKeepsAPairFromBeingUsed(String agentId, String fromNumber, String purpose, String refusal) {
        assertThat(Refusals.of(() -> rules.check(call(agentId, fromNumber, purpose)))).containsExactly(refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-22T13:00:00Z", "2026-11-22T14:00:00+01:00", "2026-11-22T12:30:00Z"})
    void refusesACallThatExpiresBeforeItMayBeDialed(String expiresAt) {
        var call = call().put("not_before", "2026-11-22T13:00:00Z").put("expires_at", expiresAt);
        assertThat(Refusals.of(() -> rules.check(call))).containsExactly("/expires_at before_not_before");
    }

    @Test
    void allowsANotBeforeThatHasPassed() {
        assertThatNoException().isThrownBy(() -> rules.check(call().put("not_before", "2026-11-22T11:00:00Z")));
    }

    @Test
    void refusesConsentFromTheFuture() {
        var call = call();
        call.putObject("consent").put("obtained_at", "2026-11-22T12:06:00Z");
        assertThat(Refusals.of(() -> rules.check(call))).containsExactly("/consent/obtained_at in_future");
    }

    @ParameterizedTest
    @ValueSource(strings = {"metadata", "dynamic_variables"})
    void measuresObjectsInBytesOfUtf8(String field) {
        var frame = "{\"k\":\"\"}".length();
        var call = call();
        call.putObject(field).put("k", "x".repeat(16_384 - frame));
        assertThatNoException().isThrownBy(() -> rules.check(call));
        call.putObject(field).put("k", "x".repeat(16_385 - frame));
        assertThat(Refusals.of(() -> rules.check(call))).containsExactly("/" + field + " too_large");
        call.putObject(field).put("k", "ë".repeat(8_200));
        assertThat(Refusals.of(() -> rules.check(call))).containsExactly("/" + field + " too_large");
    }

    @Test
    void findsTextThatCanNotBeStored() throws Exception {
        JsonNode call = JSON.readTree("""
                {"to_number": "+12065550100", "campaign": "a\\u0000b",
                 "metadata": {"a/b": ["ok", "\\ud800"], "c\\u0000": 1}}
                """);
        assertThat(Refusals.of(() -> rules.check(call))).containsExactlyInAnyOrder(
                "/campaign forbidden_character", "/metadata/a~1b/1 forbidden_character",
                "/metadata forbidden_character");
    }

    @Test
    void reportsEverythingAtOnceAndEchoesNothing() {
        var call = call().put("to_number", "+1206999").put("timezone", "Secret/Place")
                .put("expires_at", "2001-02-03T04:05:06Z");
        var errors = Refusals.errors(() -> rules.check(call));
        assertThat(errors).hasSize(3);
        assertThat(errors.toString()).doesNotContain("1206999", "Secret", "2001");
    }

    private static ObjectNode call(String agentId, String fromNumber, String purpose) {
        var call = call().put("agent_id", agentId).put("from_number", fromNumber).put("purpose", purpose);
        List.of("agent_id", "from_number", "purpose").forEach(name -> {
            if (call.get(name).isNull()) {
                call.remove(name);
            }
        });
        return call;
    }

    private static ObjectNode call() {
        return JSON.createObjectNode().put("to_number", "+12065550100");
    }
}
