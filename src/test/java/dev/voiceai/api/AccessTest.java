package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.system.RunningSystem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Keys that change, tokens, and how often a caller may ask. */
class AccessTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Guarded guarded = Guarded.shared();
    private final RunningSystem system = guarded.system;

    @Nested
    class KeysInAFile {
        @AfterEach
        void restore() {
            guarded.addKeys("");
            await().atMost(SOON).until(() -> health().path("status").asText().equals("UP"));
        }

        @Test
        void aNewKeyCountsAndAnOldOneEndsWithoutARestart() {
            guarded.addKeys("operator ada:old-key-of-ada\n");
            awaitStatus("old-key-of-ada", 200);
            guarded.addKeys("operator ada:old-key-of-ada\noperator ada:new-key-of-ada\n");
            awaitStatus("new-key-of-ada", 200);
            assertThat(guarded.listWithKey("old-key-of-ada").statusCode()).isEqualTo(200);
            assertThat(guarded.get("/api/v1/audit", Map.of("X-API-Key", "new-key-of-ada")).statusCode()).isEqualTo(200);

            guarded.addKeys("operator ada:new-key-of-ada\n");

            awaitStatus("old-key-of-ada", 401);
            assertThat(guarded.listWithKey("new-key-of-ada").statusCode()).isEqualTo(200);
            assertThat(guarded.listWithKey("key-of-the-file").statusCode()).isEqualTo(200);
        }

        @Test
        void aBrokenFileLeavesTheKeysAsTheyWereAndHealthNamesTheLine() throws Exception {
            guarded.addKeys("engage eve:canary-key\nroot mallory:canary-key-of-mallory\n");

            await().atMost(SOON).until(() -> health().path("status").asText().equals("DEGRADED"));
            assertThat(health().at("/details/reason").asText()).contains("line 3").doesNotContain("canary", "mallory");
            assertThat(management("/actuator/health/readiness")).isEqualTo(200);
            assertThat(guarded.listWithKey("key-of-the-file").statusCode()).isEqualTo(200);
            assertThat(guarded.listWithKey("canary-key").statusCode()).isEqualTo(401);
        }

        private void awaitStatus(String key, int status) {
            await().atMost(SOON).pollInterval(Duration.ofMillis(500))
                    .until(() -> guarded.listWithKey(key).statusCode() == status);
        }

        private JsonNode health() throws Exception {
            var answer = HttpClient.newHttpClient().send(request("/actuator/health"), BodyHandlers.ofString());
            return json(answer.body()).at("/components/apiKeys");
        }

        private int management(String path) throws Exception {
            return HttpClient.newHttpClient().send(request(path), BodyHandlers.discarding()).statusCode();
        }

        private HttpRequest request(String path) {
            return HttpRequest.newBuilder(URI.create(system.management() + path)).build();
        }
    }

    @Nested
    class BearerTokens {
        private Map<String, String> bearer(String token) {
            return Map.of("Authorization", "Bearer " + token);
        }

        private String token(String scope) {
            return guarded.provider.sign(guarded.provider.claims(scope));
        }

        @Test
        void aTokenActsInPlaceOfAKeyInTheNameOfItsSubject() {
            var contact = "token-" + UUID.randomUUID();

            var answer = guarded.post("/api/v1/do-not-call", bearer(token("openid voice-ai:business")),
                    "{\"contact_id\": \"%s\", \"source\": \"crm\", \"reason\": \"r\"}".formatted(contact));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            var audit = guarded.get("/api/v1/audit?subject=contact/" + contact, bearer(token("voice-ai:operator")));
            assertThat(json(audit.body()).at("/items/0/actor").asText()).isEqualTo("oauth2:alice");
        }

        @Test
        void itsScopesAreWhatItMayDo() {
            assertThat(guarded.get("/api/v1/calls", bearer(token("voice-ai:engage"))).statusCode()).isEqualTo(200);
            var others = bearer(token("voice-ai:engage voice-ai:business"));
            assertProblem(guarded.get("/api/v1/audit", others), 403, "forbidden");
            assertProblem(guarded.get("/api/v1/calls", bearer(token("openid"))), 403, "forbidden");
        }

        @Test
        void oneThatIsNotValidIsRefusedAndTheClientIsToldWhatIsTaken() {
            var claims = guarded.provider.claims("voice-ai:engage");
            var expired = guarded.provider.sign(claims.expirationTime(Date.from(Instant.now().minusSeconds(600))));

            var refused = guarded.get("/api/v1/calls", bearer(expired));

            assertProblem(refused, 401, "unauthorized");
            assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer error=\"invalid_token\"");
            assertThat(refused.body()).doesNotContain(expired);
            var none = guarded.get("/api/v1/calls", Map.of("Authorization", "Basic YTpi"));
            assertProblem(none, 401, "unauthorized");
            assertThat(none.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        }

        @Test
        void aWrongKeyIsNotMadeGoodByAToken() {
            var both = Map.of("X-API-Key", "nobodys", "Authorization", "Bearer " + token("voice-ai:engage"));

            assertProblem(guarded.get("/api/v1/calls", both), 401, "unauthorized");
        }

        @Test
        void aSystemWithoutAProviderTakesNone() {
            var client = new Client(RunningSystem.shared());

            var answer = client.send("GET", "/api/v1/calls", bearer(token("voice-ai:engage")), BodyPublishers.noBody());

            assertProblem(answer, 401, "unauthorized");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
        }
    }

    @Nested
    class Rates {
        @Test
        void aCallerThatAsksTooOftenWaitsAndNobodyElseDoes() {
            guarded.addKeys("engage busy:key-of-the-busy-one\nengage calm:key-of-the-calm-one\n");
            await().atMost(SOON).pollInterval(Duration.ofMillis(500))
                    .until(() -> guarded.listWithKey("key-of-the-calm-one").statusCode() == 200);

            var refused = guarded.untilRefused(i -> guarded.listWithKey("key-of-the-busy-one"));

            assertProblem(refused, 429, "too-many-requests");
            assertThat(refused.headers().firstValueAsLong("Retry-After")).hasValue(1);
            assertThat(guarded.listWithKey("key-of-the-calm-one").statusCode()).isEqualTo(200);
            await().atMost(SOON).pollInterval(Duration.ofSeconds(2))
                    .until(() -> guarded.listWithKey("key-of-the-busy-one").statusCode() == 200);
        }

        @Test
        void oneAddressGuessesSoManyKeysAndStopsNobodyWhoHasOne() throws Exception {
            int guesses = 0;
            String answer;
            do {
                answer = from("127.0.0.77", "guess-" + guesses++);
            } while (answer.startsWith("HTTP/1.1 401") && guesses < 20 * Guarded.BURST);

            assertThat(guesses).isGreaterThan(Guarded.BURST);
            assertThat(answer).startsWith("HTTP/1.1 429").contains("Retry-After: ", "/problems/too-many-requests")
                    .doesNotContain("guess-");
            assertThat(from("127.0.0.77", "key-of-ops")).startsWith("HTTP/1.1 200");
            assertThat(from("127.0.0.78", "a-guess")).startsWith("HTTP/1.1 401");
        }

        private String from(String address, String key) throws IOException {
            try (var socket = new Socket()) {
                socket.bind(new InetSocketAddress(address, 0));
                socket.connect(new InetSocketAddress("127.0.0.1", system.api().getPort()));
                socket.getOutputStream().write(("GET /api/v1/calls?limit=1 HTTP/1.1\r\nHost: x\r\nX-API-Key: " + key
                        + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }
}
