package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static dev.voiceai.api.ContractSchemas.assertFits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.system.RunningSystem;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class VoiceApiTest {
    private static final String SUCCESS = "+12065550100";

    private final RunningSystem system = RunningSystem.shared();

    @Test
    void anAcceptedCallIsFoundAtItsLocation() {
        var answer = ask("{\"to_number\": \"" + SUCCESS + "\"}", Map.of());

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.headers().map()).doesNotContainKey("idempotent-replayed");
        assertFits("CallStatus", json(answer.body()));
        var found = system.get(answer.headers().firstValue("Location").orElseThrow(), "engage");
        assertThat(json(found.body()).get("request_id")).isEqualTo(json(answer.body()).get("request_id"));
    }

    @Test
    void aCallShowsEverythingThatWasAskedForAndWhatBecameOfIt() {
        var requestId = json(ask("""
                        {"to_number": "+12065550100", "from_number": "+14155550123", "agent_id": "agent_x", "contact_id": "c-1",
                         "campaign": "autumn", "purpose": "reminder", "timezone": "America/Los_Angeles",
                         "consent": {"basis": "express_written", "obtained_at": "2026-09-01T12:15:00+02:00", "reference": "f-1"},
                         "dynamic_variables": {"customer_name": "Zoë"}, "metadata": {"order": 17, "deep": {"a": [1, null]}}}""",
                        Map.of()).body())
                .get("request_id").asText();

        var call = system.awaitFinal(requestId);

        assertFits("Call", call);
        assertThat(call.path("outcome").asText()).isEqualTo("completed");
        assertThat(call.path("from_number").asText()).isEqualTo("+14155550123");
        assertThat(call.path("agent_id").asText()).isEqualTo("agent_x");
        assertThat(call.at("/consent/obtained_at").asText()).isEqualTo("2026-09-01T10:15:00.000Z");
        assertThat(call.path("dynamic_variables")).isEqualTo(json("{\"customer_name\": \"Zoë\"}"));
        assertThat(call.path("metadata")).isEqualTo(json("{\"order\": 17, \"deep\": {\"a\": [1, null]}}"));
        assertThat(call.at("/attempts/0/transcript").asText()).isNotBlank();
        assertThat(call.at("/attempts/0/analysis/call_successful").asBoolean()).isTrue();
        assertThat(call.at("/timeline/0/actor").asText()).isEqualTo("engage");
        for (String time : List.of("/created_at", "/expires_at", "/attempts/0/started_at", "/timeline/0/at")) {
            assertThat(call.at(time).asText()).as(time).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        }
    }

    @Test
    void aCallForLaterIsScheduledAndCanBeCancelledOnceAndAgain() {
        var requestId = later("c-cancel");
        assertThat(system.call(requestId).get("state").asText()).isEqualTo("scheduled");

        var first = system.delete("/api/v1/calls/" + requestId, "engage");
        var second = system.delete("/api/v1/calls/" + requestId, "operator");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
        assertFits("CallStatus", json(first.body()));
        assertThat(json(first.body()).get("final").asBoolean()).isTrue();
        var call = system.call(requestId);
        assertFits("Call", call);
        assertThat(call.at("/reason/code").asText()).isEqualTo("cancelled");
        system.awaitEmptyOutbox(requestId);
        assertThat(system.eventTypes(requestId)).containsExactly("not_placed");
    }

    @Test
    void aCallThatTookPlaceCanNotBeCancelled() {
        var requestId = system.requestCall("+12065550103");
        system.awaitFinal(requestId);

        assertProblem(system.delete("/api/v1/calls/" + requestId, "engage"), 409, "call-live");
    }

    // --- Repeats ---

    @Test
    void aRepeatGetsTheFirstAnswerAndMakesNoSecondCall() {
        var key = UUID.randomUUID().toString();
        var body = "{\"to_number\": \"" + SUCCESS + "\", \"contact_id\": \"" + key + "\"}";

        var first = ask(body, Map.of("Idempotency-Key", key));
        system.awaitFinal(json(first.body()).get("request_id").asText());
        var second = ask(body, Map.of("Idempotency-Key", key));

        assertThat(second.statusCode()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Location")).isEqualTo(first.headers().firstValue("Location"));
        assertThat(second.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(requestsOf(key)).isEqualTo(1);
    }

    @Test
    void aRepeatGetsTheFirstAnswerEvenWhenItsTimesHavePassed() {
        var key = UUID.randomUUID().toString();
        var body = "{\"to_number\": \"" + SUCCESS + "\", \"expires_at\": \"" + Instant.now().plusSeconds(2) + "\"}";
        var first = ask(body, Map.of("Idempotency-Key", key));
        assertThat(first.statusCode()).isEqualTo(202);
        await().atMost(RunningSystem.PATIENCE).until(() -> ask(body, Map.of()).statusCode() == 422);

        var second = ask(body, Map.of("Idempotency-Key", key));

        assertThat(second.statusCode()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
    }

    @Test
    void aRepeatWithAnotherBodyIsAConflict() {
        var key = UUID.randomUUID().toString();
        ask("{\"to_number\": \"" + SUCCESS + "\"}", Map.of("Idempotency-Key", key));

        assertProblem(
                ask("{\"to_number\": \"+12065550101\"}", Map.of("Idempotency-Key", key)), 409, "idempotency-key-reused");
    }

    @Test
    void aRefusedRequestDoesNotUseItsKeyUp() {
        var key = UUID.randomUUID().toString();
        assertProblem(ask("{\"to_number\": \"1\"}", Map.of("Idempotency-Key", key)), 422, "validation");

        assertThat(ask("{\"to_number\": \"" + SUCCESS + "\"}", Map.of("Idempotency-Key", key)).statusCode()).isEqualTo(202);
    }

    @Test
    void aKeyCountsForOneOperationOnly() {
        var key = UUID.randomUUID().toString();
        ask("{\"to_number\": \"" + SUCCESS + "\"}", Map.of("Idempotency-Key", key));

        var task = system.post("/api/v1/tasks/incoming-call", "business",
                "{\"from_number\": \"+12065550188\", \"to_number\": \"+14155550100\"}", Map.of("Idempotency-Key", key));

        assertThat(task.statusCode()).isEqualTo(201);
    }

    @Test
    void twentyConcurrentRepeatsMakeOneCall() throws Exception {
        var key = UUID.randomUUID().toString();
        var body = "{\"to_number\": \"" + SUCCESS + "\", \"contact_id\": \"" + key + "\"}";
        Callable<HttpResponse<String>> post = () -> ask(body, Map.of("Idempotency-Key", key));
        var threads = Executors.newFixedThreadPool(20);
        try {
            var answers = new ArrayList<HttpResponse<String>>();
            for (var answer : threads.invokeAll(Collections.nCopies(20, post))) {
                answers.add(answer.get());
            }

            assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(202);
            assertThat(answers).extracting(HttpResponse::body).containsOnly(answers.get(0).body());
            assertThat(answers).filteredOn(answer -> answer.headers().firstValue("Idempotent-Replayed").isEmpty()).hasSize(1);
            assertThat(requestsOf(key)).isEqualTo(1);
            system.awaitFinal(json(answers.get(0).body()).get("request_id").asText());
            assertThat(system.dials(json(answers.get(0).body()).get("request_id").asText())).hasSize(1);
        } finally {
            threads.shutdown();
        }
    }

    // --- Lists ---

    @Test
    void aListIsPagedNewestFirstAndMasksNumbers() {
        var contact = "c-" + UUID.randomUUID();
        var made = List.of(later(contact), later(contact), later(contact), later(contact), later(contact));
        var seen = new ArrayList<String>();
        var cursor = "";
        do {
            var page = page("/api/v1/calls?contact_id=" + contact + "&limit=2" + cursor);
            page.get("items").forEach(call -> {
                seen.add(call.get("request_id").asText());
                assertThat(call.get("to_number").asText()).isEqualTo("+1206•••00");
            });
            cursor = page.hasNonNull("next_cursor") ? "&cursor=" + page.get("next_cursor").asText() : null;
        } while (cursor != null);

        assertThat(seen).hasSize(5).doesNotHaveDuplicates().containsExactlyElementsOf(reversed(made));
    }

    @Test
    void aPageThatIsJustFullIsTheLast() {
        var contact = "c-" + UUID.randomUUID();
        later(contact);
        later(contact);

        assertThat(page("/api/v1/calls?contact_id=" + contact + "&limit=2").hasNonNull("next_cursor")).isFalse();
    }

    @Test
    void aListIsFilteredByWhatTheContractNames() {
        var contact = "c-" + UUID.randomUUID();
        var scheduled = later(contact);
        var cancelled = later(contact);
        system.delete("/api/v1/calls/" + cancelled, "engage");
        var path = "/api/v1/calls?contact_id=" + contact;
        var past = Instant.now().minus(1, ChronoUnit.HOURS);
        var future = Instant.now().plus(1, ChronoUnit.HOURS);

        assertThat(ids(page(path + "&state=scheduled"))).containsExactly(scheduled);
        assertThat(ids(page(path + "&state=cancelled"))).containsExactly(cancelled);
        assertThat(ids(page(path + "&outcome=completed"))).isEmpty();
        assertThat(ids(page(path + "&campaign=none"))).isEmpty();
        assertThat(ids(page(path + "&created_from=" + past))).hasSize(2);
        assertThat(ids(page(path + "&created_from=" + future))).isEmpty();
        assertThat(ids(page(path + "&updated_since=" + past))).hasSize(2);
        assertThat(ids(page(path + "&updated_since=" + future))).isEmpty();
    }

    @Test
    void aSearchFindsTheCallsOfANumberAndDoesNotRepeatIt() {
        var number = "+1206555" + ThreadLocalRandom.current().nextInt(2000, 9999);
        var requestId = json(ask("{\"to_number\": \"" + number + "\", \"not_before\": \"" + tomorrow() + "\"}", Map.of()).body())
                .get("request_id").asText();

        var answer = system.post("/api/v1/calls/search?limit=10", "business", "{\"number\": \"" + number + "\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain(number);
        assertFits("CallPage", json(answer.body()));
        assertThat(ids(json(answer.body()))).containsExactly(requestId);
    }

    // --- Fixtures ---

    private HttpResponse<String> ask(String body, Map<String, String> headers) {
        return system.post("/api/v1/calls", "engage", body, headers);
    }

    private String later(String contact) {
        var answer = ask(
                "{\"to_number\": \"" + SUCCESS + "\", \"contact_id\": \"" + contact + "\", \"not_before\": \"" + tomorrow() + "\"}",
                Map.of());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return json(answer.body()).get("request_id").asText();
    }

    private static Instant tomorrow() {
        return Instant.now().plus(1, ChronoUnit.DAYS);
    }

    private JsonNode page(String path) {
        var answer = system.get(path, "business");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertFits("CallPage", json(answer.body()));
        return json(answer.body());
    }

    private static List<String> ids(JsonNode page) {
        return page.get("items").findValuesAsText("request_id");
    }

    private static List<String> reversed(List<String> list) {
        var copy = new ArrayList<>(list);
        Collections.reverse(copy);
        return copy;
    }

    private long requestsOf(String contact) {
        return system.ledger().sql("SELECT COUNT(*) FROM request WHERE contact_id = ?").param(contact).query(Long.class).single();
    }
}
