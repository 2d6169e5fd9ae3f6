package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.system.RunningSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A system with every check of the call gate switched on. */
class GateChecksTest {
    private static Stub retell;
    private static Stub eligibility;
    private static RunningSystem system;
    private static int lastNumber = 100;

    @BeforeAll
    static void start() {
        retell = new Stub();
        retell.answer(request -> request.path().equals("/v2/create-phone-call")
                ? new Stub.Answer(201, "{\"call_id\": \"call_" + request.json().at("/metadata/request_id").asText() + "\"}")
                : Stub.Answer.of(404));
        eligibility = new Stub();
        system = RunningSystem.start(Map.of(
                "retell.base-url", retell.url(), "retell.api-key", "key_1",
                "consent.required-for", "marketing, survey",
                "limits.number-24h", "2", "limits.number-7d", "3", "limits.contact-24h", "3",
                "eligibility.url", eligibility.url() + "/may-we-call", "eligibility.timeout-ms", "500",
                "eligibility.retry-after", "PT1S"));
    }

    @AfterAll
    static void stop() {
        system.close();
        retell.close();
        eligibility.close();
    }

    @BeforeEach
    void everybodyIsEligible() {
        eligibility.answer(request -> new Stub.Answer(200, "{\"eligible\": true}"));
    }

    // --- Consent ---

    @ParameterizedTest
    @ValueSource(strings = {"marketing", "survey"})
    void aPurposeThatNeedsConsentIsNotDialedWithoutIt(String purpose) {
        var requestId = system.requestCall(call().put("purpose", purpose));

        var call = system.awaitFinal(requestId);

        assertEnded(call, "rejected", "no_consent", "CONSENT_REQUIRED_FOR");
        assertThat(gate(call).path("detail").asText()).contains("consent missing, required true");
        ContractSchemas.assertFits("Call", call);
        assertThat(dials(requestId)).isZero();
    }

    @Test
    void consentThatWasGivenLetsTheCallThrough() {
        var requestId = system.requestCall(withConsent(call().put("purpose", "marketing"), Instant.now().minusSeconds(60)));

        awaitDial(requestId);
        assertThat(gate(system.call(requestId)).path("detail").asText()).contains("consent given, required true");
    }

    @Test
    void aPurposeThatNeedsNoneIsDialedWithoutConsent() {
        awaitDial(system.requestCall(call().put("purpose", "appointment_reminder")));
    }

    @Test
    void consentFromBeforeAnOptOutIsRevokedForGood() {
        var number = number();
        revokeConsent(number);
        var old = system.requestCall(
                withConsent(call(number).put("purpose", "marketing"), Instant.now().minus(Duration.ofDays(2))));
        var call = system.awaitFinal(old);

        assertEnded(call, "rejected", "no_consent", "CONSENT_REQUIRED_FOR");
        assertThat(call.at("/reason/message").asText()).contains("revoked");

        awaitDial(system.requestCall(withConsent(call(number).put("purpose", "marketing"), Instant.now().minusSeconds(60))));
    }

    private static void revokeConsent(String number) {
        // The row of a person exists from the first request on.
        awaitDial(system.requestCall(call(number)));
        system.ledger().sql("UPDATE person SET consent_revoked_at = ? WHERE number = ?")
                .params(java.time.OffsetDateTime.now().minusDays(1), number).update();
    }

    // --- Limits ---

    @Test
    void aNumberIsNotCalledMoreOftenThanTheLimitWithinADay() {
        var number = number();
        var first = system.requestCall(call(number));
        awaitDial(first);
        awaitDial(system.requestCall(call(number).put("campaign", "another")));

        var third = system.requestCall(call(number));
        var call = system.awaitState(third, "held");

        assertThat(call.at("/reason/code").asText()).isEqualTo("number_limit");
        assertThat(call.at("/reason/rule").asText()).isEqualTo("CALLS_PER_NUMBER_24H");
        var firstDial = Instant.parse(system.call(first).at("/attempts/0/dialing_at").asText());
        assertThat(Instant.parse(call.at("/reason/until").asText())).isEqualTo(firstDial.plus(Duration.ofHours(24)));
        ContractSchemas.assertFits("Call", call);
        assertThat(dials(third)).isZero();
    }

    @Test
    void aHeldCallIsDialedWhenAnEarlierOneHasLeftThePeriod() {
        var number = number();
        var first = system.requestCall(call(number));
        awaitDial(first);
        awaitDial(system.requestCall(call(number)));
        // As if the first call had been made almost a day ago.
        system.ledger().sql("UPDATE attempt SET dialing_at = ? WHERE request_id = ?")
                .params(java.time.OffsetDateTime.now().minusHours(24).plusSeconds(3), first).update();

        var third = system.requestCall(call(number));
        system.awaitState(third, "held");

        awaitDial(third);
    }

    @Test
    void theLongerPeriodHoldsWhereTheShorterOneHasRoom() {
        var number = number();
        for (int i = 0; i < 3; i++) {
            var requestId = system.requestCall(call(number));
            awaitDial(requestId);
            system.ledger().sql("UPDATE attempt SET dialing_at = ? WHERE request_id = ?")
                    .params(java.time.OffsetDateTime.now().minusDays(2), requestId).update();
        }

        var call = system.awaitState(system.requestCall(call(number)), "held");

        assertThat(call.at("/reason/rule").asText()).isEqualTo("CALLS_PER_NUMBER_7D");
    }

    @Test
    void aContactIsNotCalledMoreOftenThanTheLimitOnWhateverNumber() {
        var contact = "contact-" + lastNumber;
        for (int i = 0; i < 3; i++) {
            awaitDial(system.requestCall(call().put("contact_id", contact)));
        }

        var call = system.awaitState(system.requestCall(call().put("contact_id", contact)), "held");

        assertThat(call.at("/reason/code").asText()).isEqualTo("contact_limit");
        assertThat(call.at("/reason/rule").asText()).isEqualTo("CALLS_PER_CONTACT_24H");
        ContractSchemas.assertFits("Call", call);
    }

    @Test
    void twoRequestsForOneNumberAtOnceDoNotSlipThroughTheLimitTogether() {
        var number = number();
        awaitDial(system.requestCall(call(number)));
        var others = StreamSupport.stream(java.util.stream.IntStream.range(0, 6).spliterator(), true)
                .map(i -> system.requestCall(call(number))).toList();

        await().atMost(RunningSystem.PATIENCE).until(() -> others.stream()
                .map(id -> system.call(id).path("state").asText()).allMatch(state -> state.matches("held|calling")));

        assertThat(others.stream().filter(id -> system.call(id).path("state").asText().equals("calling"))).hasSize(1);
    }

    // --- Eligibility ---

    @Test
    void theEligibilityServiceIsAskedWithWhatItNeedsBeforeEveryDial() {
        var requestId = system.requestCall(call().put("contact_id", "contact-e").put("campaign", "autumn"));
        awaitDial(requestId);

        var asked = eligibility.requests().stream().filter(request -> request.text().contains(requestId)).toList();
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0).path()).isEqualTo("/may-we-call");
        assertThat(asked.get(0).json().path("contact_id").asText()).isEqualTo("contact-e");
        assertThat(asked.get(0).json().path("attempt").asInt()).isEqualTo(1);
        assertThat(asked.get(0).header("Authorization")).isNull();
    }

    @Test
    void whomTheServiceExcludesIsNotCalled() {
        eligibility.answer(request -> new Stub.Answer(200, "{\"eligible\": false, \"reason\": \"deceased\"}"));

        var call = system.awaitFinal(system.requestCall(call()));

        assertEnded(call, "rejected", "not_eligible", "ELIGIBILITY_URL");
        assertThat(call.at("/reason/message").asText()).endsWith("deceased");
        ContractSchemas.assertFits("Call", call);
    }

    @Test
    void freeTextOfTheServiceIsNotPassedOn() {
        eligibility.answer(request -> new Stub.Answer(200, "{\"eligible\": false, \"reason\": \"Zoë, +12065550100, moved\"}"));

        var call = system.awaitFinal(system.requestCall(call()));

        assertThat(call.at("/reason/message").asText()).endsWith("no reason given");
    }

    @Test
    void whoIsEligibleLaterIsCalledLater() {
        var later = Instant.now().plusSeconds(3);
        eligibility.answer(request -> new Stub.Answer(200, Instant.now().isBefore(later)
                ? "{\"eligible\": false, \"reason\": \"cooling_off\", \"until\": \"" + later + "\"}" : "{\"eligible\": true}"));

        var requestId = system.requestCall(call());
        var held = system.awaitState(requestId, "held");

        assertThat(held.at("/reason/code").asText()).isEqualTo("not_eligible");
        awaitDial(requestId);
        assertThat(Instant.now()).isAfter(later);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "500 | {\"eligible\": true}", "302 | ", "200 | <html>yes</html>", "200 | {}", "200 | {\"eligible\": \"true\"}",
        "200 | []", "200 | {\"eligible\": false, \"until\": \"tomorrow\"}", "404 | {\"eligible\": true}", "0 | ",
    })
    void whateverIsNoClearAnswerHoldsTheCallUntilThereIsOne(int status, String body) {
        eligibility.answer(request -> new Stub.Answer(status, body == null ? "" : body));

        var requestId = system.requestCall(call());
        var held = system.awaitState(requestId, "held");

        assertThat(held.at("/reason/code").asText()).isEqualTo("eligibility_unavailable");
        assertThat(held.at("/reason/rule").asText()).isEqualTo("ELIGIBILITY_URL");
        assertThat(held.at("/reason/until").isTextual()).isTrue();
        assertThat(dials(requestId)).isZero();
        everybodyIsEligible();
        awaitDial(requestId);
    }

    @Test
    void aServiceThatHangsHoldsTheCall() {
        eligibility.hang();
        try {
            var held = system.awaitState(system.requestCall(call()), "held");
            assertThat(held.at("/reason/code").asText()).isEqualTo("eligibility_unavailable");
        } finally {
            eligibility.goOn();
        }
    }

    // --- What the timeline tells ---

    @Test
    void theTimelineTellsWhatTheGateDecidedAndSaw() {
        var requestId = system.requestCall(call().put("contact_id", "contact-t-" + lastNumber));
        awaitDial(requestId);

        var gate = gate(system.call(requestId));

        assertThat(gate.path("state").asText()).isEqualTo("dial");
        assertThat(gate.path("detail").asText())
                .contains("attempt 1", "not paused", "consent missing, required false", "agent listed", "eligibility yes",
                        "CALLS_PER_NUMBER_24H 0 of 2", "CALLS_PER_NUMBER_7D 0 of 3", "CALLS_PER_CONTACT_24H 0 of 3",
                        "CALLING_WINDOWS always", "lines ")
                .doesNotContain("+1206");
    }

    private static ObjectNode call() {
        return call(number());
    }

    private static ObjectNode call(String number) {
        return Client.JSON.createObjectNode().put("to_number", number);
    }

    private static synchronized String number() {
        return "+1206555" + String.format("%04d", lastNumber++);
    }

    private static ObjectNode withConsent(ObjectNode call, Instant obtainedAt) {
        call.putObject("consent").put("basis", "express_written").put("obtained_at", obtainedAt.toString()).put("reference", "form-1");
        return call;
    }

    private static JsonNode gate(JsonNode call) {
        return StreamSupport.stream(call.get("timeline").spliterator(), false)
                .filter(entry -> entry.get("kind").asText().equals("gate"))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private static void assertEnded(JsonNode call, String state, String code, String rule) {
        assertThat(call.path("state").asText()).isEqualTo(state);
        assertThat(call.at("/reason/code").asText()).isEqualTo(code);
        assertThat(call.at("/reason/rule").asText()).isEqualTo(rule);
        assertThat(gate(call).path("state").asText()).isEqualTo("end");
    }

    private static void awaitDial(String requestId) {
        await().atMost(RunningSystem.PATIENCE).until(() -> dials(requestId) == 1);
    }

    private static long dials(String requestId) {
        return retell.requests().stream()
                .filter(request -> request.path().equals("/v2/create-phone-call") && request.text().contains(requestId))
                .count();
    }
}
