package dev.voiceai.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;

/** A plain client of Retell's API that repeats nothing. */
final class RetellClient {
    static final String KEY = "key_api_of_the_test";
    static final String FROM = "+14155550100";

    /** @param json missing for an empty body */
    record Answer(int status, JsonNode json) {
        String callId() {
            return json.path("call_id").asText();
        }
    }

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final String authorization;

    RetellClient(URI base) {
        this(base, "Bearer " + KEY);
    }

    RetellClient(URI base, String authorization) {
        this.base = base;
        this.authorization = authorization;
    }

    /** Dials the number of the script. */
    Answer dial(Script script, String requestId) throws IOException {
        return create(call(script.number, requestId));
    }

    static ObjectNode call(String toNumber, String requestId) {
        ObjectNode request = RetellSandbox.JSON.createObjectNode().put("from_number", FROM).put("to_number", toNumber);
        request.putObject("metadata").put("request_id", requestId).put("attempt", "1");
        return request;
    }

    static String newRequestId() {
        return UUID.randomUUID().toString();
    }

    Answer create(JsonNode request) throws IOException {
        return post("/v2/create-phone-call", request.toString());
    }

    Answer list(String request) throws IOException {
        return post("/v3/list-calls", request);
    }

    JsonNode find(String requestId) throws IOException {
        return list("""
                {"filter_criteria":{"metadata":[{"type":"string","op":"eq","key":"request_id","value":"%s"}]}}"""
                .formatted(requestId)).json().path("items");
    }

    Answer get(String path) throws IOException {
        return send(request(path).GET());
    }

    Answer post(String path, String body) throws IOException {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json");
        return authorization == null ? request : request.header("Authorization", authorization);
    }

    private Answer send(HttpRequest.Builder request) throws IOException {
        try {
            var response = client.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), RetellSandbox.JSON.readTree(response.body()));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One of Retell's own examples. */
    static JsonNode sample(String name) {
        try (InputStream file = RetellClient.class.getResourceAsStream(name)) {
            return RetellSandbox.JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
