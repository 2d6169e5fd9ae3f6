package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.voiceai.system.RunningSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;

/** A client that sends anything, also what no honest one would. */
final class Client {
    static final ObjectMapper JSON = new ObjectMapper();

    /** A text that stands in what a test sends and must never come back. */
    static final String CANARY = "canary-7f3a9c";

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final RunningSystem system;

    Client(RunningSystem system) {
        this.system = system;
    }

    HttpResponse<String> send(String method, String path, String role, String contentType, String body) {
        return send(method, path, headers(role, contentType), BodyPublishers.ofString(body));
    }

    HttpResponse<String> send(String method, String path, Map<String, String> headers, BodyPublisher body) {
        var request = HttpRequest.newBuilder(system.api().resolve(path))
                .timeout(RunningSystem.PATIENCE)
                .method(method, body)
                .header("X-Canary", CANARY)
                .header("Authorization", "Bearer " + CANARY);
        headers.forEach(request::setHeader);
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** @param role null sends no key; anything that is no role is sent as the key itself */
    Map<String, String> headers(String role, String contentType) {
        var headers = new HashMap<String, String>();
        if (role != null) {
            headers.put("X-API-Key", role.matches("engage|business|operator") ? system.key(role) : role);
        }
        if (contentType != null) {
            headers.put("Content-Type", contentType);
        }
        return headers;
    }

    /** Checks that an answer is a problem document which tells nothing of the request or of the inside, and answers it. */
    static JsonNode assertProblem(HttpResponse<String> answer, int status, String type) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertSilent(answer);
        var problem = json(answer.body());
        assertThat(problem.path("type").textValue()).isEqualTo("/problems/" + type);
        assertThat(problem.path("status").intValue()).isEqualTo(status);
        assertThat(problem.path("title").textValue()).isNotBlank();
        return problem;
    }

    /** Nothing that the client sent comes back, and nothing of the inside is told. */
    static void assertSilent(HttpResponse<String> answer) {
        assertThat(answer.body()).doesNotContain(CANARY, "Exception", "\tat ", "org.apache", "<html", "SELECT ", "INSERT ");
        assertThat(answer.headers().map()).doesNotContainKeys(
                "x-api-key", "x-canary", "authorization", "user-agent", "idempotency-key", "x-retell-signature", "host");
        assertThat(answer.headers().map().toString()).doesNotContain(CANARY);
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
