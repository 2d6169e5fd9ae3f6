package dev.voiceai.api;

import static dev.voiceai.api.Client.json;
import static dev.voiceai.api.ContractSchemas.assertFits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.system.RunningSystem;
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
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import software.amazon.awssdk.services.sqs.SqsClient;

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
        assertThat(output).doesNotContain("2065550100", "not JSON");
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
