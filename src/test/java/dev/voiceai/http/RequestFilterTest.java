package dev.voiceai.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole application, on two routes of its own. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            // Nobody listens there.
            "oauth2.issuer=http://127.0.0.1:1",
            "oauth2.audience=voice-ai",
            "camel.main.routes-include-pattern=file:src/test/resources/dev/voiceai/http/routes/*.camel.yaml"
        })
@AutoConfigureObservability
@DirtiesContext
class RequestFilterTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path data;

    @LocalServerPort
    int port;

    @LocalManagementPort
    int managementPort;

    @DynamicPropertySource
    static void dataFolder(DynamicPropertyRegistry registry) {
        registry.add("data.dir", data::toString);
    }

    @Test
    void aBodyWithinTheLimitReachesTheRoute() throws Exception {
        var body = BodyPublishers.ofByteArray(new byte[256 * 1024]);
        var answer = post("/api/v1/calls", "application/json; charset=utf-8", body);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).hasSize(256 * 1024);
    }

    @Test
    void aBodyOverTheLimitIsRefusedByItsAnnouncedLength() throws Exception {
        var answer = post("/api/v1/calls", "application/json", BodyPublishers.ofByteArray(new byte[2 * 1024 * 1024]));

        assertProblem(answer, 413, "payload-too-large");
    }

    @Test
    void aBodyOverTheLimitIsRefusedWhileItIsRead() throws Exception {
        var chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[300 * 1024]));

        assertProblem(post("/api/v1/calls", "application/json", chunked), 413, "payload-too-large");
    }

    @Test
    void aBatchAndAWebhookMayBeLarger() throws Exception {
        var body = BodyPublishers.ofByteArray(new byte[5 * 1024 * 1024]);

        assertProblem(post("/api/v1/calls/batch", "application/json", body), 404, "not-found");
        assertProblem(post("/webhooks/retell", "application/json", body), 404, "not-found");
        assertProblem(post("/retell/functions", "application/json", body), 413, "payload-too-large");
    }

    @Test
    void aCompressedBodyIsNotUnpacked() throws Exception {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[50 * 1024 * 1024]);
        }
        for (String path : List.of("/api/v1/calls", "/api/v1/calls/batch", "/retell/functions", "/webhooks/retell")) {
            var request = HttpRequest.newBuilder(uri(path))
                    .header("Content-Type", "application/json")
                    .header("Content-Encoding", "gzip")
                    .POST(BodyPublishers.ofByteArray(packed.toByteArray()))
                    .build();

            assertProblem(HTTP.send(request, BodyHandlers.ofString()), 415, "unsupported-media-type");
        }
    }

    /** A filter that reads forms for others would wait for the rest here, whatever its size. */
    @Test
    void aFormThatNoRouteWantsIsNotRead() throws Exception {
        for (String head : List.of(
                "PUT /nothing HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded",
                "POST /nothing HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b")) {
            try (var socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(
                        (head + "\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n--b\r\n").getBytes());
                var answer = new BufferedReader(new InputStreamReader(socket.getInputStream()));

                assertThat(answer.readLine()).startsWith("HTTP/1.1 404");
            }
        }
    }

    @Test
    void anotherSpellingOfAPathHasTheSameLimits() throws Exception {
        var text = post("/%61pi/v1/c%61lls", "text/plain", BodyPublishers.ofString("{}"));
        assertProblem(text, 415, "unsupported-media-type");
        var body = BodyPublishers.ofByteArray(new byte[300 * 1024]);
        assertProblem(post("/api/v1/calls/batch/../../calls", "application/json", body), 413, "payload-too-large");
    }

    @Test
    void aTokenThatCannotBeCheckedNowIsToldToComeAgain() throws Exception {
        var claims = new JWTClaimsSet.Builder().issuer("http://127.0.0.1:1").audience("voice-ai").subject("alice");
        String token = IdentityProvider.sign(claims, IdentityProvider.newKey("key-1"), JOSEObjectType.JWT);
        var request = HttpRequest.newBuilder(uri("/api/v1/calls")).header("Authorization", "Bearer " + token).build();

        var answer = HTTP.send(request, BodyHandlers.ofString());

        assertProblem(answer, 503, "identity-provider-unavailable");
        assertThat(answer.headers().firstValueAsLong("Retry-After")).hasValue(5);
    }

    @Test
    void theApiTakesJsonOnly() throws Exception {
        for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded", "nonsense"}) {
            assertProblem(post("/api/v1/calls", type, BodyPublishers.ofString("{}")), 415, "unsupported-media-type");
        }
        var untyped = HttpRequest.newBuilder(uri("/api/v1/calls")).POST(BodyPublishers.ofString("{}")).build();
        assertProblem(HTTP.send(untyped, BodyHandlers.ofString()), 415, "unsupported-media-type");
    }

    @Test
    void anUnknownPathAndAWrongMethodAreProblems() throws Exception {
        assertProblem(get("/api/v1/nothing"), 404, "not-found");
        assertProblem(get("/error"), 404, "not-found");
        var wrongMethod = get("/api/v1/calls");
        assertProblem(wrongMethod, 405, "method-not-allowed");
        assertThat(wrongMethod.headers().firstValue("Allow").orElseThrow()).contains("POST");
    }

    @Test
    void aRefusalDoesNotSendTheBodyBack() throws Exception {
        var request = HttpRequest.newBuilder(uri("/api/v1/calls"))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("\"a-canary\""))
                .build();

        var answer = HTTP.send(request, BodyHandlers.ofString());

        assertProblem(answer, 405, "method-not-allowed");
        assertThat(answer.body()).doesNotContain("canary");
    }

    @Test
    void aFailureThatNoRouteHandlesIsAProblemWithoutItsText() throws Exception {
        var answer = get("/silent");

        assertProblem(answer, 500, "internal");
        assertThat(answer.body()).doesNotContain("secret", "Exception");
    }

    @Test
    void anAnswerHasNoHeaderOfTheRequest() throws Exception {
        for (String path : new String[] {"/silent", "/api/v1/nothing"}) {
            var request = HttpRequest.newBuilder(uri(path))
                    .header("X-API-Key", "a-key")
                    .header("Authorization", "Bearer a-key")
                    .build();
            var answer = HTTP.send(request, BodyHandlers.ofString());

            assertThat(answer.headers().map()).doesNotContainKeys("x-api-key", "authorization");
        }
    }

    @Test
    void aTargetThatIsNoUriIsAProblemToo() throws Exception {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("GET /%%% HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes());
            String answer = new String(socket.getInputStream().readAllBytes());

            assertThat(answer).startsWith("HTTP/1.1 400").endsWith("\"status\":400}")
                    .contains("X-Content-Type-Options: nosniff", "Cache-Control: no-store");
        }
    }

    @Test
    void livenessAndReadinessAndMetricsAreOnTheManagementPort() throws Exception {
        for (String path : List.of("/health/liveness", "/health/readiness", "/prometheus")) {
            var uri = URI.create("http://127.0.0.1:" + managementPort + "/actuator" + path);
            var request = HttpRequest.newBuilder(uri).build();
            assertThat(HTTP.send(request, BodyHandlers.ofString()).statusCode()).as(path).isEqualTo(200);
        }
        assertProblem(get("/actuator/health"), 404, "not-found");
    }

    private void assertProblem(HttpResponse<String> answer, int status, String type) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = Json.mapper().readTree(answer.body());
        assertThat(problem.get("type").textValue()).isEqualTo("/problems/" + type);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("title").textValue()).isNotBlank();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String type, BodyPublisher body) throws Exception {
        var request = HttpRequest.newBuilder(uri(path)).header("Content-Type", type).POST(body).build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
