package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.system.RunningSystem;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A system whose policy table allows more than the shipped one: also after no answer, and after a dial of unknown fate. */
class RetryTest {
    private static final String NUMBER = "+12065550100";

    private static Stub retell;
    private static RunningSystem system;

    @BeforeAll
    static void start() {
        retell = new Stub();
        system = RunningSystem.start(Map.of(
                "retell.base-url", retell.url(), "retell.api-key", "key_1", "retell.unknown-lookups", "PT0.2S,PT0.4S",
                "policy.dial_no_answer.attempts", "2", "policy.dial_no_answer.delays", "PT0.2S",
                "policy.unknown.attempts", "2", "policy.unknown.delays", "PT3S"));
    }

    @AfterAll
    static void stop() {
        system.close();
        retell.close();
    }

    @BeforeEach
    void placeEveryCall() {
        retell.answer(RetryTest::placed);
    }

    private static Stub.Answer placed(Stub.Request request) {
        if (request.path().equals("/v2/create-phone-call")) {
            var metadata = request.json().path("metadata");
            return new Stub.Answer(201, "{\"call_id\": \""
                    + Outside.callId(metadata.path("request_id").asText(), metadata.path("attempt").asInt()) + "\"}");
        }
        return new Stub.Answer(200, "{\"items\": [], \"has_more\": false}");
    }

    @Test
    void whoDoesNotAnswerIsCalledAgainAsOftenAsTheTableSays() {
        var requestId = system.requestCall(NUMBER);
        for (int attempt : List.of(1, 2)) {
            awaitDials(requestId, attempt);
            var call = Outside.call(requestId, attempt).put("call_status", "not_connected").put("disconnection_reason", "dial_no_answer");
            call.remove("start_timestamp");
            send("call_ended", call);
            send("call_analyzed", call);
        }

        var call = system.awaitFinal(requestId);

        assertThat(call.get("outcome").asText()).isEqualTo("not_reached");
        assertThat(call.at("/attempts/1/policy_row").asText()).isEqualTo("dial_no_answer");
        assertThat(call.get("timeline")).anySatisfy(entry -> {
            assertThat(entry.path("state").asText()).isEqualTo("scheduled");
            assertThat(entry.at("/reason/rule").asText()).isEqualTo("policy.dial_no_answer");
        });
        assertThat(call.get("timeline")).extracting(entry -> entry.path("detail").asText())
                .contains("policy row first", "policy row dial_no_answer");
        assertThat(dials(requestId)).isEqualTo(2);
        system.awaitEmptyOutbox(requestId);
        assertThat(system.eventTypes(requestId)).containsExactly("initiated", "not_reached", "initiated", "not_reached");
    }

    @Test
    void aDialOfUnknownFateIsRepeatedOnlyWhereTheTableRisksIt() {
        retell.answer(request -> request.path().equals("/v2/create-phone-call") && request.json().at("/metadata/attempt").asInt() == 1
                ? Stub.Answer.of(0) : placed(request));
        var requestId = system.requestCall(NUMBER);

        awaitDials(requestId, 2);
        for (String event : List.of("call_started", "call_ended", "call_analyzed")) {
            send(event, Outside.call(requestId, 2));
        }

        var call = system.awaitFinal(requestId);
        assertThat(call.get("outcome").asText()).isEqualTo("completed");
        assertThat(call.at("/attempts/0/state").asText()).isEqualTo("unknown");
        assertThat(call.at("/attempts/1/policy_row").asText()).isEqualTo("unknown");
        ContractSchemas.assertFits("Call", call);
    }

    @Test
    void aProofThatComesLateTakesThePlaceOfThePlannedAttempt() {
        retell.answer(request -> request.path().equals("/v2/create-phone-call") ? Stub.Answer.of(0) : placed(request));
        var requestId = system.requestCall(NUMBER);
        system.awaitState(requestId, "scheduled");

        send("call_started", Outside.call(requestId, 1));
        assertThat(system.awaitState(requestId, "calling").at("/attempts/0/state").asText()).isIn("dialed", "in_progress");
        send("call_ended", Outside.call(requestId, 1));
        send("call_analyzed", Outside.call(requestId, 1));

        var call = system.awaitFinal(requestId);
        assertThat(call.get("outcome").asText()).isEqualTo("completed");
        assertThat(call.get("attempts")).hasSize(1);
        assertThat(dials(requestId)).isEqualTo(1);
        system.awaitEmptyOutbox(requestId);
        assertThat(system.eventTypes(requestId)).containsExactly("initiated", "started", "completed");
    }

    @Test
    void aRequestThatWasRescheduledMakesNoFurtherAttempt() {
        var requestId = system.requestCall(NUMBER);
        awaitDials(requestId, 1);
        system.post("/api/v1/tasks/reschedule-call", "business", "{\"request_id\": \"" + requestId
                + "\", \"not_before\": \"2027-06-01T10:00:00Z\"}");
        var call = Outside.call(requestId, 1).put("call_status", "not_connected").put("disconnection_reason", "dial_no_answer");
        send("call_ended", call);
        send("call_analyzed", call);

        assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("not_reached");
        assertThat(dials(requestId)).isEqualTo(1);
    }

    private static void send(String event, ObjectNode call) {
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> system.postAsRetell("/webhooks/retell", Outside.webhook(event, call)).statusCode() == 204);
    }

    private static void awaitDials(String requestId, int count) {
        await().atMost(RunningSystem.PATIENCE).until(() -> dials(requestId) == count
                && StreamSupport.stream(system.call(requestId).get("attempts").spliterator(), false).count() == count);
    }

    private static long dials(String requestId) {
        return retell.requests().stream()
                .filter(request -> request.path().equals("/v2/create-phone-call") && request.text().contains(requestId))
                .count();
    }
}
