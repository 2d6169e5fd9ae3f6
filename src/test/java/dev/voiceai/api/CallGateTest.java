package dev.voiceai.api;

import static dev.voiceai.api.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.system.RunningSystem;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A system with two lines that dials only by day. */
class CallGateTest {
    /** Somewhere it is always day, and somewhere night. */
    private static final Map<String, String> NUMBERS = Map.of(
            "Pacific/Honolulu", "+18085550100", "America/Los_Angeles", "+12065550100", "America/New_York", "+12125550100",
            "Europe/London", "+442079460000", "Asia/Kolkata", "+911123456789", "Asia/Tokyo", "+81312345678",
            "Australia/Sydney", "+61255501234");

    private static Stub retell;
    private static RunningSystem system;

    @BeforeAll
    static void start() {
        retell = new Stub();
        retell.answer(request -> request.path().equals("/v2/create-phone-call")
                ? new Stub.Answer(201, "{\"call_id\": \"" + callId(request.json().at("/metadata/request_id").asText()) + "\"}")
                : Stub.Answer.of(404));
        system = RunningSystem.start(Map.of(
                "retell.base-url", retell.url(), "retell.api-key", "key_1", "calling.windows", "08:00-20:00",
                "retell.concurrency", "2"));
    }

    @AfterAll
    static void stop() {
        system.close();
        retell.close();
    }

    /** Frees the lines for the next test. */
    @AfterEach
    void endCalls() {
        system.ledger().sql("UPDATE attempt SET state = 'refused' WHERE state <> 'analyzed'").update();
        system.ledger().sql("UPDATE request SET state = 'done', outcome = 'failed' WHERE state NOT IN ('done', 'rejected')").update();
    }

    @Test
    void byDayACallIsDialed() {
        var requestId = system.requestCall(numberWhere(hour -> hour >= 9 && hour < 19));

        await().atMost(RunningSystem.PATIENCE).until(() -> dials(requestId) == 1);
    }

    @Test
    void byNightACallIsHeldUntilMorning() {
        var requestId = system.requestCall(numberWhere(hour -> hour >= 21 || hour < 7));

        var call = system.awaitState(requestId, "held");

        ContractSchemas.assertFits("Call", call);
        assertThat(call.at("/reason/code").asText()).isEqualTo("outside_calling_window");
        assertThat(Instant.parse(call.at("/reason/until").asText())).isBetween(Instant.now(), Instant.now().plusSeconds(12 * 3600));
        assertThat(call.get("final").asBoolean()).isFalse();
        system.awaitEmptyOutbox(requestId);
        assertThat(system.eventTypes(requestId)).containsExactly("held");
        assertThat(dials(requestId)).isZero();
    }

    @Test
    void aNumberThatBelongsToNoPlaceIsHeld() {
        var requestId = system.requestCall("+882130000000");

        assertThat(system.awaitState(requestId, "held").at("/reason/code").asText()).isEqualTo("no_time_zone");
        assertThat(dials(requestId)).isZero();
    }

    @Test
    void aNumberOnTheDoNotCallListIsRejected() {
        var number = numberWhere(hour -> hour >= 9 && hour < 19);
        var first = system.requestCall(Client.JSON.createObjectNode()
                .put("to_number", number).put("not_before", Instant.now().plusSeconds(2).toString()));
        system.ledger().sql("UPDATE person SET do_not_call = TRUE WHERE number = ?").param(number).update();
        try {
            var call = system.awaitFinal(first);

            assertThat(call.get("state").asText()).isEqualTo("rejected");
            assertThat(call.at("/reason/code").asText()).isEqualTo("do_not_call");
            system.awaitEmptyOutbox(first);
            assertThat(system.eventTypes(first)).containsExactly("not_placed");
            assertThat(dials(first)).isZero();
        } finally {
            system.ledger().sql("UPDATE person SET do_not_call = FALSE WHERE number = ?").param(number).update();
        }
    }

    @Test
    void withoutAFreeLineACallIsHeldAndDialedWhenOneIsFree() {
        var number = numberWhere(hour -> hour >= 9 && hour < 19);
        var first = system.requestCall(number);
        await().atMost(RunningSystem.PATIENCE).until(() -> dials(first) == 1);
        var second = system.requestCall(number);
        await().atMost(RunningSystem.PATIENCE).until(() -> dials(second) == 1);
        var third = system.requestCall(number);

        var held = system.awaitState(third, "held");
        assertThat(held.at("/reason/code").asText()).isEqualTo("capacity");
        assertThat(held.at("/reason/rule").asText()).isEqualTo("RETELL_CONCURRENCY");
        assertThat(dials(third)).isZero();

        var ended = Outside.call(first, 1).put("call_id", callId(first));
        assertThat(system.postAsRetell("/webhooks/retell", Outside.webhook("call_ended", ended)).statusCode()).isEqualTo(204);

        await().atMost(RunningSystem.PATIENCE).until(() -> dials(third) == 1);
    }

    @Test
    void aHeldCallCanBeCancelled() {
        var requestId = system.requestCall("+882130000000");
        system.awaitState(requestId, "held");

        var answer = system.delete("/api/v1/calls/" + requestId, "engage");

        assertThat(json(answer.body()).path("state").asText()).isEqualTo("cancelled");
    }

    private static String numberWhere(Predicate<Integer> hour) {
        return NUMBERS.entrySet().stream()
                .filter(place -> hour.test(LocalTime.now(ZoneId.of(place.getKey())).getHour()))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static String callId(String requestId) {
        return "call_" + requestId.replace("-", "");
    }

    private static long dials(String requestId) {
        return retell.requests().stream()
                .filter(request -> request.path().equals("/v2/create-phone-call") && request.text().contains(requestId))
                .count();
    }
}
