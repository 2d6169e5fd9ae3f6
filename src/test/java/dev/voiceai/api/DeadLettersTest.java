package dev.voiceai.api;

import static dev.voiceai.api.Client.json;
import static dev.voiceai.api.ContractSchemas.assertFits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.system.RunningSystem;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@ExtendWith(OutputCaptureExtension.class)
class DeadLettersTest {
    private static final String NUMBER = "+12065550100";

    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;

    @AfterEach
    void heal() {
        outside.healthy();
    }

    @Test
    void anEventThatTheCollectorRefusesIsParkedAndGoesOnInOrderWhenItIsSentAgain() {
        var refused = system.requestCall(NUMBER);
        outside.abt.answer(request -> Stub.Answer.of(request.json().path("subject").asText().equals(refused) ? 400 : 202));
        outside.complete(refused, 1);
        system.awaitFinal(refused);
        var other = system.requestCall(NUMBER);
        outside.complete(other, 1);
        system.awaitFinal(other);

        await().atMost(RunningSystem.PATIENCE).until(() -> letters("outbox", refused).size() == 1);
        system.awaitEmptyOutbox(other);
        assertThat(outside.events(other)).containsExactly("initiated", "started", "completed");
        assertThat(outside.events(refused)).isSubsetOf("initiated", "started").isNotEmpty();
        var letter = letters("outbox", refused).get(0);
        assertThat(letter.get("error").asText()).isEqualTo("HTTP 400");

        outside.healthy();
        var body = "{\"ids\": [\"" + letter.get("id").asText() + "\"]";
        assertThat(redrive(body + ", \"dry_run\": true}").get("count").asInt()).isEqualTo(1);
        assertThat(letters("outbox", refused)).hasSize(1);
        assertThat(redrive(body + "}").get("count").asInt()).isEqualTo(1);

        system.awaitEmptyOutbox(refused);
        assertThat(letters("outbox", refused)).isEmpty();
        assertThat(outside.events(refused)).endsWith("started", "completed");
        assertThat(outside.events(refused).stream().distinct()).containsExactly("initiated", "started", "completed");
    }

    @Test
    void aPoisonMessageBecomesADeadLetterAndStopsNoOther(CapturedOutput output) {
        var poison = "{\"schema\": \"nonsense/1\", \"request_id\": \"" + UUID.randomUUID() + "\", \"number\": \"" + NUMBER + "\"}";
        var sqs = system.bean(SqsClient.class);
        sqs.sendMessage(send -> send.queueUrl("queue:call-requests").messageBody("not JSON"));
        sqs.sendMessage(send -> send.queueUrl("queue:call-events").messageBody(poison));
        var requestId = system.requestCall(NUMBER);
        outside.complete(requestId, 1);
        assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");

        await().atMost(RunningSystem.PATIENCE).until(() -> letters("call-requests", null).size() == 1
                && letters("call-events", null).size() == 1);

        var page = system.get("/api/v1/dead-letters", "operator");
        assertFits("DeadLetterPage", json(page.body()));
        assertThat(page.body()).doesNotContain("2065550100");
        assertThat(letters("call-requests", null).get(0).get("error").asText()).isEqualTo("JsonParseException");
        assertThat(letters("call-events", null).get(0).get("error").asText()).startsWith("JsonValidationException ");
        assertThat(letters("call-events", null).get(0).get("attempts").asInt()).isEqualTo(5);
        assertThat(output).contains("message failed: route=process-call-request", "message failed: route=process-call-event");
        // The start banner shows how to place a call, where this test is the first.
        assertThat(output.getAll().lines().filter(line -> !line.contains("curl"))).noneMatch(
                line -> line.contains("2065550100") || line.contains("not JSON"));
        assertThat(redrive("{\"queue\": \"call-events\", \"dry_run\": true}").get("count").asInt()).isEqualTo(1);
        assertThat(redrive("{\"sink\": \"abt\", \"dry_run\": true}").get("count").asInt()).isZero();
        assertThat(redrive("{\"ids\": [\"nobody\"]}").get("count").asInt()).isZero();
        for (String queue : List.of("queue:call-requests-dlq", "queue:call-events-dlq")) {
            takeAway(queue);
        }
    }

    private void takeAway(String queue) {
        var sqs = system.bean(SqsClient.class);
        await().atMost(RunningSystem.PATIENCE).until(() -> {
            var messages = sqs.receiveMessage(receive -> receive.queueUrl(queue)).messages();
            messages.forEach(message ->
                    sqs.deleteMessage(delete -> delete.queueUrl(queue).receiptHandle(message.receiptHandle())));
            return !messages.isEmpty();
        });
    }

    static Stream<Arguments> whatTheCallProcessorCannotWorkOn() {
        var id = UUID.randomUUID();
        var known = "{\"schema\": \"call-request/1\", \"request_id\": \"" + id + "\", \"attempt\": 1";
        return Stream.of(
                Arguments.of("another version", known.replace("/1\"", "/2\"") + "}", "JsonValidationException const at $.schema"),
                Arguments.of("emoji for an id", known.replace(id.toString(), "📞") + "}", "JsonValidationException pattern at $.request_id"),
                Arguments.of("a request that the ledger does not know", known + ", \"to_number\": \"" + NUMBER + "\"}",
                        "The ledger does not know this request."),
                Arguments.of("almost as much as a queue takes", known.replace("/1\"", "x".repeat(1_000_000) + "\"") + "}",
                        "JsonValidationException const at $.schema"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whatTheCallProcessorCannotWorkOn(String name, String message, String reason) {
        system.bean(SqsClient.class).sendMessage(send -> send.queueUrl("queue:call-requests").messageBody(message));

        await().atMost(RunningSystem.PATIENCE).until(() -> letters("call-requests", null).size() == 1);

        var letter = letters("call-requests", null).get(0);
        assertThat(letter.get("error").asText()).isEqualTo(reason);
        assertThat(letter.get("attempts").asInt()).isEqualTo(5);
        assertThat(letter.toString()).doesNotContain("2065550100");
        takeAway("queue:call-requests-dlq");
    }

    @Test
    void aMessageIsLookedIntoAndSentBackByFilterOnTheAuditTrail() {
        var sqs = system.bean(SqsClient.class);
        var callId = "call_" + UUID.randomUUID();
        var requestId = UUID.randomUUID().toString();
        var event = "{\"schema\": \"call-event/2\", \"event\": \"%s\", \"call_id\": \"" + callId + "\", \"request_id\": \"" + requestId
                + "\", \"call\": {\"to_number\": \"" + NUMBER + "\", \"transcript\": \"User: I am Zoë\"}}";
        for (String name : List.of("call_ended", "call_analyzed")) {
            sqs.sendMessage(send -> send.queueUrl("queue:call-events-dlq").messageBody(event.formatted(name)));
        }
        sqs.sendMessage(send -> send.queueUrl("queue:call-requests-dlq").messageBody("Zoë, " + NUMBER));
        await().atMost(RunningSystem.PATIENCE).until(() -> list("?call_id=" + callId).size() == 2);

        var letter = list("?event=call_ended&call_id=" + callId).get(0);
        var details = show(letter.get("id").asText());
        assertThat(details.at("/content/call/to_number").asText()).isEqualTo("[redacted, 12 characters]");
        assertThat(details.at("/content/call_id").asText()).isEqualTo(callId);
        assertThat(details.toString()).doesNotContain("2065550100", "Zoë");
        var unreadable = show(list("?source=call-requests").get(0).get("id").asText());
        assertThat(unreadable.at("/unreadable/length").asInt()).isEqualTo(17);
        assertThat(unreadable.toString()).doesNotContain("2065550100", "Zoë");
        Client.assertProblem(system.get("/api/v1/dead-letters/" + UUID.randomUUID(), "operator"), 404, "not-found");

        long audited = audit().size();
        var filter = "{\"event\": \"call_ended\", \"request_id\": \"" + requestId + "\"";
        assertThat(redrive(filter + ", \"dry_run\": true}").get("count").asInt()).isEqualTo(1);
        assertThat(redrive("{\"ids\": [\"" + letter.get("id").asText() + "\"], \"dry_run\": true}").at("/sources/call-events").asInt())
                .isEqualTo(1);
        assertThat(audit()).hasSize((int) audited);
        assertThat(list("?call_id=" + callId)).hasSize(2);

        assertThat(redrive(filter + "}").get("count").asInt()).isEqualTo(1);
        assertThat(audit()).hasSize((int) audited + 1);
        assertThat(audit().get((int) audited)).isEqualTo("{\"filter\":{\"event\":\"call_ended\",\"request_id\":\"" + requestId
                + "\"},\"count\":1,\"sources\":{\"call-requests\":0,\"call-events\":1,\"outbox\":0}}");
        // It is of a version that nobody reads, so that it comes back, with a reason now.
        await().atMost(RunningSystem.PATIENCE).untilAsserted(() -> assertThat(list("?call_id=" + callId + "&event=call_ended"))
                .singleElement().satisfies(again -> {
                    assertThat(again.get("id")).isNotEqualTo(letter.get("id"));
                    assertThat(again.get("error").asText()).startsWith("JsonValidationException");
                }));
        takeAllAway();
    }

    @Test
    void aCallRequestThatIsSentAgainAfterItsDialDialsNoSecondTime() {
        var requestId = system.requestCall(NUMBER);
        outside.complete(requestId, 1);
        system.awaitFinal(requestId);
        var sqs = system.bean(SqsClient.class);
        sqs.sendMessage(send -> send.queueUrl("queue:call-requests-dlq")
                .messageBody("{\"schema\": \"call-request/1\", \"request_id\": \"" + requestId + "\", \"attempt\": 1}"));

        await().atMost(RunningSystem.PATIENCE)
                .until(() -> redrive("{\"request_id\": \"" + requestId + "\"}").at("/sources/call-requests").asInt() == 1);

        await().atMost(RunningSystem.PATIENCE).until(() -> sqs.getQueueAttributes(get -> get
                        .queueUrl("queue:call-requests")
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes().values().stream().allMatch("0"::equals));
        assertThat(outside.dials(requestId)).hasSize(1);
        assertThat(list("?request_id=" + requestId)).isEmpty();
    }

    @Test
    void aRepeatOrAKeyOfAnotherBodyLeavesEveryMessageInItsPlace() {
        var sqs = system.bean(SqsClient.class);
        var callId = "call_" + UUID.randomUUID();
        sqs.sendMessage(send -> send.queueUrl("queue:call-events-dlq").messageBody("{\"call_id\": \"" + callId + "\"}"));
        await().atMost(RunningSystem.PATIENCE).until(() -> list("?call_id=" + callId).size() == 1);
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        var other = "{\"request_id\": \"" + UUID.randomUUID() + "\"}";
        assertThat(system.post("/api/v1/dead-letters/redrive", "operator", other, key).statusCode()).isEqualTo(200);

        Client.assertProblem(
                system.post("/api/v1/dead-letters/redrive", "operator", "{\"call_id\": \"" + callId + "\"}", key), 409, "idempotency-key-reused");
        assertThat(list("?call_id=" + callId)).as("visible again at once").hasSize(1);
        assertThat(system.post("/api/v1/dead-letters/redrive", "operator", other, key).headers().firstValue("Idempotent-Replayed"))
                .hasValue("true");
        assertThat(list("?call_id=" + callId)).hasSize(1);
        takeAllAway();
    }

    @Test
    void aListIsPagedNewestFirstAcrossQueuesAndOutbox() {
        var stream = "call_" + UUID.randomUUID();
        var sqs = system.bean(SqsClient.class);
        for (int i = 1; i <= 3; i++) {
            system.ledger()
                    .sql("INSERT INTO outbox (id, sink, stream, seq, kind, payload, state, due_at, created_at) VALUES (?, 'abt', ?, ?, 'test', '{}', 'parked', ?, ?)")
                    .params(UUID.randomUUID().toString(), stream, i, OffsetDateTime.now(), OffsetDateTime.now().minusMinutes(i))
                    .update();
            sqs.sendMessage(send -> send.queueUrl("queue:call-events-dlq").messageBody("{\"call_id\": \"" + stream + "\"}"));
        }
        await().atMost(RunningSystem.PATIENCE).until(() -> list("?call_id=" + stream).size() == 6);

        var all = list("?call_id=" + stream).stream().map(letter -> letter.get("id").asText()).toList();
        var paged = new ArrayList<String>();
        var cursor = "";
        do {
            var page = page("?limit=2&call_id=" + stream + cursor);
            page.get("items").forEach(letter -> paged.add(letter.get("id").asText()));
            cursor = page.path("next_cursor").isTextual() ? "&cursor=" + page.get("next_cursor").asText() : "";
        } while (!cursor.isEmpty());
        assertThat(paged).isEqualTo(all).hasSize(6).doesNotHaveDuplicates();
        assertThat(list("?call_id=" + stream)).extracting(letter -> letter.get("source").asText())
                .containsExactly("call-events", "call-events", "call-events", "outbox", "outbox", "outbox");
        assertThat(list("?source=outbox&call_id=" + stream)).hasSize(3);
        assertThat(list("?sink=abt&event=test&call_id=" + stream)).hasSize(3);
        assertThat(list("?source=call-requests&call_id=" + stream)).isEmpty();

        assertThat(redrive("{\"call_id\": \"" + stream + "\", \"sink\": \"abt\"}").at("/sources/outbox").asInt()).isEqualTo(3);
        system.ledger().sql("DELETE FROM outbox WHERE stream = ?").param(stream).update();
        takeAllAway();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "source=canary-7f3a9c", "sink=canary-7f3a9c", "request_id=canary-7f3a9c", "call_id=%2B12065550100", "event=Canary",
        "error=12065550100", "cursor=canary-7f3a9c", "limit=0", "limit=201", "limit=x"
    })
    void aQueryThatIsWrongIsRefused(String query) {
        Client.assertProblem(system.get("/api/v1/dead-letters?" + query, "operator"), 422, "validation");
    }

    @Test
    void aRepeatedRedriveIsDoneOnce() {
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

        var first = system.post("/api/v1/dead-letters/redrive", "operator", "{\"sink\": \"abt\"}", key);
        var second = system.post("/api/v1/dead-letters/redrive", "operator", "{\"sink\": \"abt\"}", key);

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Idempotent-Replayed")).hasValue("true");
    }

    @Test
    void onlyOperatorsSeeDeadLetters() {
        for (String role : List.of("engage", "business")) {
            Client.assertProblem(system.get("/api/v1/dead-letters", role), 403, "forbidden");
        }
    }

    private List<String> audit() {
        return system.ledger().sql("SELECT detail FROM audit WHERE action = 'dead-letters.redrive' ORDER BY id").query(String.class).list();
    }

    private JsonNode show(String id) {
        var answer = system.get("/api/v1/dead-letters/" + id, "operator");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertFits("DeadLetterDetails", json(answer.body()));
        return json(answer.body());
    }

    private JsonNode page(String query) {
        var answer = system.get("/api/v1/dead-letters" + query, "operator");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertFits("DeadLetterPage", json(answer.body()));
        return json(answer.body());
    }

    private List<JsonNode> list(String query) {
        var items = new ArrayList<JsonNode>();
        page(query).get("items").forEach(items::add);
        return items;
    }

    private void takeAllAway() {
        for (String queue : List.of("queue:call-requests-dlq", "queue:call-events-dlq")) {
            await().atMost(RunningSystem.PATIENCE).until(() -> {
                var sqs = system.bean(SqsClient.class);
                var messages = sqs.receiveMessage(receive -> receive.queueUrl(queue).maxNumberOfMessages(10)).messages();
                messages.forEach(message ->
                        sqs.deleteMessage(delete -> delete.queueUrl(queue).receiptHandle(message.receiptHandle())));
                return messages.isEmpty();
            });
        }
    }

    private List<JsonNode> letters(String source, String stream) {
        var answer = system.get("/api/v1/dead-letters", "operator");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var found = new ArrayList<JsonNode>();
        json(answer.body()).get("items").forEach(letter -> {
            if (letter.get("source").asText().equals(source) && (stream == null || letter.path("stream").asText().equals(stream))) {
                found.add(letter);
            }
        });
        return found;
    }

    private JsonNode redrive(String body) {
        var answer = system.post("/api/v1/dead-letters/redrive", "operator", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertFits("RedriveResult", json(answer.body()));
        return json(answer.body());
    }
}
