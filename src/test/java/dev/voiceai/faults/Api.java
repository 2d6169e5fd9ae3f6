package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.faults.History.Attempt;
import dev.voiceai.faults.History.View;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;

/**
 * A caller who does not give up: what gets no answer, or a 5xx, is sent again with the same Idempotency-Key to the next
 * replica, until a time-out that only a lost system reaches.
 */
final class Api {
    private static final String ENGAGE = "key_of_engage";
    private static final String OPERATOR = "key_of_the_operator";

    /** Settings that make its keys the application's. */
    static final Map<String, String> KEYS = Map.of(
            "api-keys.engage", "engage:" + ENGAGE,
            "api-keys.business", "business:key_of_business",
            "api-keys.operator", "operator:" + OPERATOR);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2)).build();

    private final List<URI> replicas;
    private final AtomicInteger next = new AtomicInteger();

    Api(List<URI> replicas) {
        this.replicas = List.copyOf(replicas);
    }

    static boolean answers(URI replica) {
        try {
            return HTTP.send(request(replica, "/api/v1/calls?limit=1", OPERATOR).GET().build(), BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static ObjectNode call(String number) {
        return JSON.createObjectNode().put("to_number", number);
    }

    /** @return the request_id */
    String requestCall(ObjectNode call) {
        var key = UUID.randomUUID().toString();
        var answer = send("/api/v1/calls", ENGAGE, request -> request
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(call.toString())));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return json(answer).get("request_id").asText();
    }

    /** @return whether the request is cancelled; not where an attempt is live, or it has ended otherwise */
    boolean cancel(String requestId) {
        var answer = send("/api/v1/calls/" + requestId, OPERATOR, HttpRequest.Builder::DELETE);
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 409);
        return answer.statusCode() == 200;
    }

    /** Null when the request is not there. */
    View view(String requestId) {
        var answer = send("/api/v1/calls/" + requestId, OPERATOR, HttpRequest.Builder::GET);
        if (answer.statusCode() == 404) {
            return null;
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var call = json(answer);
        var attempts = StreamSupport.stream(call.path("attempts").spliterator(), false)
                .map(attempt -> new Attempt(
                        attempt.path("attempt").asInt(),
                        attempt.path("state").asText(),
                        attempt.path("call_id").asText(null),
                        time(attempt.path("dialing_at")),
                        refusedAt(call, attempt.path("attempt").asInt())))
                .toList();
        boolean asked = attempts.stream().anyMatch(attempt -> attempt.state().equals("unknown")) && hasTask(requestId);
        return new View(requestId, call.path("state").asText(), call.path("final").asBoolean(), attempts, asked);
    }

    private static Instant refusedAt(JsonNode call, int attempt) {
        return StreamSupport.stream(call.path("timeline").spliterator(), false)
                .filter(line -> line.path("state").asText().equals("refused") && line.path("attempt").asInt() == attempt)
                .findFirst()
                .map(line -> time(line.path("at")))
                .orElse(null);
    }

    private static Instant time(JsonNode text) {
        return text.isTextual() ? OffsetDateTime.parse(text.textValue()).toInstant() : Instant.EPOCH;
    }

    private boolean hasTask(String requestId) {
        var answer = send("/api/v1/tasks?type=resolve-unknown&request_id=" + requestId, OPERATOR, HttpRequest.Builder::GET);
        return json(answer).path("items").size() > 0;
    }

    private interface Method {
        HttpRequest.Builder of(HttpRequest.Builder request);
    }

    private HttpResponse<String> send(String path, String key, Method method) {
        return await(path).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(100))
                .until(() -> sendOnce(path, key, method), Objects::nonNull);
    }

    /** Null without an answer, and for a 5xx. */
    private HttpResponse<String> sendOnce(String path, String key, Method method) throws InterruptedException {
        var replica = replicas.get(Math.floorMod(next.getAndIncrement(), replicas.size()));
        try {
            var answer = HTTP.send(method.of(request(replica, path, key)).build(), BodyHandlers.ofString());
            return answer.statusCode() < 500 ? answer : null;
        } catch (IOException down) {
            return null;
        }
    }

    private static HttpRequest.Builder request(URI replica, String path, String key) {
        return HttpRequest.newBuilder(replica.resolve(path)).timeout(Duration.ofSeconds(15)).header("X-API-Key", key);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
