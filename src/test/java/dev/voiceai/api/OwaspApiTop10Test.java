package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.voiceai.system.RunningSystem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * The API against the risks of the OWASP API Security Top 10 of 2023, one group for each.
 *
 * @see <a href="https://owasp.org/API-Security/editions/2023/en/0x11-t10/">OWASP API Security Top 10</a>
 */
class OwaspApiTop10Test {
    private static final String NUMBER = "+12065550100";
    private static final String JSON = "application/json";

    /** One operation of the contract, as a request that names nothing that exists. */
    private record Operation(String id, String method, String path, Set<String> roles) {
        @Override
        public String toString() {
            return id;
        }
    }

    private final RunningSystem system = RunningSystem.shared();
    private final Client client = new Client(system);

    static List<Operation> operations() {
        try {
            var contract = new ObjectMapper(new YAMLFactory()).readTree(Path.of("routes/openapi.yaml").toFile());
            var operations = new ArrayList<Operation>();
            contract.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                    .filter(operation -> operation.getValue().has("operationId"))
                    .forEach(operation -> operations.add(new Operation(
                            operation.getValue().path("operationId").asText(),
                            operation.getKey().toUpperCase(),
                            "/api/v1" + path.getKey().replaceAll("\\{[^}]+}", UUID.randomUUID().toString()),
                            operation.getValue().path("x-roles").valueStream()
                                    .map(JsonNode::asText).collect(Collectors.toSet())))));
            return operations;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With a body that no operation takes, so that nothing comes of it. */
    private HttpResponse<String> send(Operation operation, String role) {
        boolean body = operation.method.equals("POST");
        return client.send(operation.method, operation.path, role, body ? JSON : null, body ? "[]" : "");
    }

    private static String call(String extra) {
        return "{\"to_number\": \"" + NUMBER + "\"" + extra + "}";
    }

    // --- API1:2023 Broken object level authorization ---

    @Nested
    class API1BrokenObjectLevelAuthorization {
        private final Guarded guarded = Guarded.shared();

        @Test
        void theIdempotencyKeyOfOneCallerShowsAnotherNothing() {
            var key = UUID.randomUUID().toString();
            var first = accept("first-key", key);
            var repeated = accept("first-key", key);
            var other = accept("second-key", key);

            assertThat(requestId(repeated)).isEqualTo(requestId(first));
            assertThat(other.headers().firstValue("Idempotent-Replayed")).isEmpty();
            assertThat(requestId(other)).isNotEqualTo(requestId(first));
        }

        private HttpResponse<String> accept(String key, String idempotencyKey) {
            return guarded.post("/api/v1/calls", Map.of("X-API-Key", key, "Idempotency-Key", idempotencyKey), call(""));
        }

        @Test
        void anIdOfOneKindOpensNothingOfAnother() {
            var requestId = system.requestCall(NUMBER);
            var task = system.post("/api/v1/tasks/incoming-call", "business",
                    "{\"from_number\": \"+12065550100\", \"to_number\": \"+14155550100\"}");
            var taskId = json(task.body()).path("task_id").asText();

            assertThat(taskId).isNotEmpty();
            assertProblem(system.get("/api/v1/tasks/" + requestId, "operator"), 404, "not-found");
            assertProblem(system.get("/api/v1/phone-calls/" + requestId, "operator"), 404, "not-found");
            assertProblem(system.get("/api/v1/calls/" + taskId, "operator"), 404, "not-found");
            assertProblem(system.delete("/api/v1/tasks/" + requestId, "business"), 404, "not-found");
            assertProblem(system.delete("/api/v1/calls/" + taskId, "operator"), 404, "not-found");
            assertProblem(system.get("/api/v1/tasks/" + taskId, "engage"), 403, "forbidden");
        }

        @Test
        void whatIsThereAndWhatIsNotLookTheSameToAKeyThatMaySeeNeither() {
            var requestId = system.requestCall(NUMBER);

            var there = system.post("/api/v1/calls/" + requestId + "/stop", "business", "");
            var notThere = system.post("/api/v1/calls/" + UUID.randomUUID() + "/stop", "business", "");

            assertProblem(there, 403, "forbidden");
            assertThat(notThere.body()).isEqualTo(there.body());
        }
    }

    // --- API2:2023 Broken authentication; AccessTest has tokens, rotation and guessing ---

    @Nested
    class API2BrokenAuthentication {
        @ParameterizedTest
        @MethodSource("dev.voiceai.api.OwaspApiTop10Test#operations")
        void everyOperationWantsAKey(Operation operation) {
            assertProblem(send(operation, null), 401, "unauthorized");
            assertProblem(send(operation, "nobodys-key"), 401, "unauthorized");
        }

        @Test
        void onlyTheKeyItselfIsTheKey() throws Exception {
            var key = system.key("operator");
            var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes()));
            for (String wrong : List.of(
                    "", key.substring(1), key + "x", key.toUpperCase(), "operator:" + key, hash, "sha256:" + hash, "*",
                    "null", "operator operator", "x operator operator", "' OR '1'='1",
                    "${header.X-API-Key}")) {
                assertProblem(client.send("GET", "/api/v1/audit", wrong, null, ""), 401, "unauthorized");
            }
        }

        /** A URL stands in logs, and what a route sees as header may come from the query. */
        @Test
        void aKeyInTheUrlInACookieOrAsAnotherSchemeOpensNothing() {
            var key = system.key("operator");
            for (String query : List.of(
                    "X-API-Key=" + key, "x-api-key=" + key, "api_key=" + key, "X-API-Key=operator%20operator",
                    "Authorization=Bearer%20" + key, "actor=operator")) {
                assertProblem(client.send("GET", "/api/v1/audit?" + query, null, null, ""), 401, "unauthorized");
            }
            for (Map<String, String> headers : List.of(
                    Map.of("Cookie", "X-API-Key=" + key), Map.of("Authorization", "ApiKey " + key),
                    Map.of("Authorization", "Bearer " + key), Map.of("X-Api-Token", key),
                    Map.of("actor", "operator"))) {
                var answer = client.send("GET", "/api/v1/audit", headers, BodyPublishers.noBody());
                assertProblem(answer, 401, "unauthorized");
            }
        }

        @Test
        void aKeyInTheUrlTakesNothingFromTheOneInTheHeader() {
            var answer = client.send("GET", "/api/v1/audit?X-API-Key=nobodys", "engage", null, "");

            assertThat(answer.statusCode()).as(answer.body()).isIn(401, 403);
        }

        @ParameterizedTest
        @ValueSource(strings = {"/webhooks/retell", "/retell/functions", "/retell/inbound"})
        void anApiKeyIsNoSignature(String path) {
            assertProblem(client.send("POST", path, "operator", JSON, "{}"), 401, "unauthorized");
        }
    }

    // --- API3:2023 Broken object property level authorization ---

    @Nested
    class API3BrokenObjectPropertyLevelAuthorization {
        @ParameterizedTest
        @ValueSource(strings = {
            "request_id", "state", "final", "outcome", "reason", "attempts", "attempt", "actor", "parent_request_id",
            "created_at", "updated_at", "timeline", "call_id", "retries_stopped", "idempotency_key", "do_not_call",
            "role", "__proto__", "class"})
        void aCallTakesNoFieldThatIsNotTheClients(String field) {
            var answer = client.send("POST", "/api/v1/calls", "engage", JSON, call(", \"" + field + "\": \"done\""));

            var error = assertProblem(answer, 422, "validation").at("/errors/0");
            assertThat(error.path("pointer").asText()).isEqualTo("/" + field);
            assertThat(error.path("code").asText()).isEqualTo("unknown_field");
        }

        @ParameterizedTest
        @CsvSource({
            "field-writeback, 'request_id, fields', task_id", "field-writeback, 'request_id, fields', state",
            "reschedule-call, 'request_id, not_before', actor", "incoming-call, 'from_number, to_number', result",
            "do-not-call, request_id, history", "set-disposition, 'request_id, disposition', created_at"})
        void noTaskTakesOneEither(String type, String fields, String surprise) {
            var values = Map.of("request_id", "\"" + UUID.randomUUID() + "\"", "fields", "{\"a\": 1}",
                    "not_before", "\"2030-01-01T10:00:00Z\"", "from_number", "\"+12065550100\"",
                    "to_number", "\"+14155550100\"", "disposition", "\"interested\"");
            var body = Stream.of(fields.split(", ")).map(field -> "\"" + field + "\": " + values.get(field))
                    .collect(Collectors.joining(", ", "{", ", \"" + surprise + "\": \"done\"}"));

            var answer = client.send("POST", "/api/v1/tasks/" + type, "business", JSON, body);

            var error = assertProblem(answer, 422, "validation").at("/errors/0");
            assertThat(error.path("pointer").asText()).isEqualTo("/" + surprise);
            assertThat(error.path("code").asText()).isEqualTo("unknown_field");
        }

        @Test
        void aListShowsNeitherNumbersNorWhatWasSaid() {
            var contact = "owasp-" + UUID.randomUUID();
            var number = "+12065593217";
            system.awaitFinal(system.requestCall(
                    Client.JSON.createObjectNode().put("to_number", number).put("contact_id", contact)));

            for (String role : List.of("engage", "business", "operator")) {
                var page = system.get("/api/v1/calls?contact_id=" + contact, role);
                assertThat(json(page.body()).path("items")).hasSize(1);
                assertThat(page.body()).doesNotContain(number, "transcript", "recording", "dynamic_variables");
            }
        }
    }

    // --- API4:2023 Unrestricted resource consumption; RequestFilterTest has the sizes, AccessTest the rates ---

    @Nested
    class API4UnrestrictedResourceConsumption {
        @ParameterizedTest
        @ValueSource(ints = {10, 100, 400, 900, 1_100, 100_000})
        void aDeeplyNestedBodyIsAcceptedOrRefusedAndNeverAFailure(int depth) {
            var nested = "[".repeat(depth) + "]".repeat(depth);
            for (String body : List.of(
                    nested, call(", \"metadata\": {\"a\": " + nested + "}"), call(", \"surprise\": " + nested),
                    call(", \"metadata\": " + "{\"a\":".repeat(depth) + "1" + "}".repeat(depth)))) {
                var answer = client.send("POST", "/api/v1/calls?dry_run=true", "engage", JSON, body);

                assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400, 413, 422);
            }
        }

        @Test
        void whatIsAcceptedDeeplyNestedIsDialed() {
            var metadata = Client.json("{\"a\":".repeat(400) + "1" + "}".repeat(400));
            var requestId = system.requestCall(
                    Client.JSON.createObjectNode().put("to_number", NUMBER).set("metadata", metadata));

            assertThat(system.awaitFinal(requestId).path("outcome").asText()).isEqualTo("completed");
        }

        @Test
        void aBatchAndAPageHaveTheirLimits() {
            var calls = IntStream.rangeClosed(0, 1_000).mapToObj(i -> call(""))
                    .collect(Collectors.joining(",", "{\"calls\": [", "]}"));

            assertProblem(client.send("POST", "/api/v1/calls/batch", "engage", JSON, calls), 422, "validation");
            for (String list : List.of("calls", "phone-calls", "tasks", "dead-letters", "audit")) {
                for (String limit : List.of("201", "99999999999")) {
                    var answer = client.send("GET", "/api/v1/" + list + "?limit=" + limit, "operator", null, "");
                    assertProblem(answer, 422, "validation");
                }
            }
        }

        @Test
        void aCallerHasARate() {
            var guarded = Guarded.shared();

            var refused = guarded.untilRefused(
                    i -> guarded.get("/api/v1/tasks?limit=1", Map.of("X-API-Key", "key-of-the-desk")));

            assertProblem(refused, 429, "too-many-requests");
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isPositive();
        }
    }

    // --- API5:2023 Broken function level authorization ---

    @Nested
    class API5BrokenFunctionLevelAuthorization {
        @ParameterizedTest
        @MethodSource("dev.voiceai.api.OwaspApiTop10Test#operations")
        void anOperationRefusesEveryRoleButItsOwn(Operation operation) {
            for (String role : List.of("engage", "business", "operator")) {
                var answer = send(operation, role);

                if (operation.roles.contains(role)) {
                    assertThat(answer.statusCode()).as(role).isNotIn(401, 403);
                } else {
                    assertProblem(answer, 403, "forbidden");
                }
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "CamelHttpMethod"})
        void theMethodIsThatOfTheRequestLine(String header) {
            var headers = client.headers("business", JSON);
            headers.put(header, "DELETE");

            var path = "/api/v1/calls/" + UUID.randomUUID() + "?_method=DELETE";
            var answer = client.send("POST", path, headers, BodyPublishers.ofString("{}"));

            assertProblem(answer, 405, "method-not-allowed");
        }
    }

    // --- API6:2023 Unrestricted access to sensitive business flows; GateChecksTest has the limits per person ---

    @Nested
    class API6UnrestrictedAccessToSensitiveBusinessFlows {
        @Test
        void oneRequestSentManyTimesAtOnceRingsOnce() {
            var headers = client.headers("engage", JSON);
            headers.put("Idempotency-Key", UUID.randomUUID().toString());
            var body = call(", \"contact_id\": \"owasp-" + UUID.randomUUID() + "\"");

            var answers = IntStream.range(0, 10)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> client.send("POST", "/api/v1/calls", headers, BodyPublishers.ofString(body))))
                    .toList().stream().map(CompletableFuture::join).toList();

            assertThat(answers).allMatch(answer -> answer.statusCode() == 202);
            var requestIds = answers.stream().map(OwaspApiTop10Test::requestId).collect(Collectors.toSet());
            assertThat(requestIds).hasSize(1);
            var requestId = requestIds.iterator().next();
            system.awaitFinal(requestId);
            assertThat(system.dials(requestId)).hasSize(1);
        }

        @Test
        void nobodyIsCalledFromANumberOrByAnAgentThatTheClientChose() {
            for (String own : List.of(", \"from_number\": \"+12065559999\"", ", \"agent_id\": \"agent_of_mine\"")) {
                assertProblem(client.send("POST", "/api/v1/calls", "engage", JSON, call(own)), 422, "validation");
            }
        }
    }

    // --- API7:2023 Server side request forgery ---

    @Nested
    class API7ServerSideRequestForgery {
        private final Guarded guarded = Guarded.shared();

        @Test
        void noAddressInARequestIsEverAsked() {
            try (var trap = new Stub()) {
                var url = trap.url() + "/trap";
                var headers = new HashMap<String, String>();
                for (String header : List.of(
                        "CamelHttpUri", "CamelHttpUrl", "CamelHttpBaseUri", "CamelHttpPath", "CamelHttpQuery",
                        "CamelHttpRawQuery", "CamelRestHttpUri", "CamelDestinationOverrideUrl", "CamelToDynamicEndpoint",
                        "CamelAwsSqsQueueUrl", "X-Forwarded-Host", "X-Original-URL", "Forwarded", "Referer", "Origin",
                        "Location")) {
                    headers.put(header, url);
                }
                headers.put("X-API-Key", "first-key");
                var query = "&CamelHttpUri=" + url + "&CamelHttpPath=" + url + "&url=" + url + "&callback=" + url;
                var contact = "owasp-" + UUID.randomUUID();
                var body = """
                        {"to_number": "%s", "contact_id": "%s", "campaign": "c", "purpose": "p",
                         "metadata": {"webhook_url": "%s", "url": "%s"},
                         "consent": {"basis": "express_written", "obtained_at": "2026-01-01T00:00:00Z", "reference": "%s"},
                         "dynamic_variables": {"url": "%s", "webhook_url": "%s", "x": "${header.CamelHttpUri}{{abt.url}}"}}
                        """
                        .formatted(NUMBER, contact, url, url, url, url, url);

                var tried = guarded.post("/api/v1/calls?dry_run=true" + query, headers, body);
                var accepted = guarded.post("/api/v1/calls?dry_run=false" + query, headers, body);

                assertThat(tried.statusCode()).as(tried.body()).isEqualTo(200);
                var call = guarded.system.awaitFinal(requestId(accepted));
                assertThat(call.path("outcome").asText()).as(call.toString()).isEqualTo("completed");
                headers.put("X-API-Key", "key-of-ops");
                guarded.post("/api/v1/calls/" + requestId(accepted) + "/stop?" + query, headers, "");
                guarded.post("/api/v1/do-not-call?" + query, headers, """
                        {"contact_id": "%s", "source": "%s", "reason": "%s"}""".formatted(contact, url, url));
                guarded.system.awaitEmptyOutbox(requestId(accepted));
                assertThat(trap.requests()).isEmpty();
            }
        }
    }

    // --- API8:2023 Security misconfiguration; BadInputTest has odd targets, methods and what problems may tell ---

    @Nested
    class API8SecurityMisconfiguration {
        @ParameterizedTest
        @CsvSource({
            "GET, /api/v1/calls, engage, 200", "GET, /api/v1/calls, , 401", "GET, /api/v1/audit, engage, 403",
            "GET, /api/v1/nothing, engage, 404", "PUT, /api/v1/calls, engage, 405", "GET, /nothing, , 404",
            "POST, /webhooks/retell, , 401", "TRACE, /api/v1/calls, engage, 405", "GET, /error, , 404"})
        void everyAnswerTellsBrowsersAndCachesToKeepOut(String method, String path, String role, int status) {
            var answer = client.send(method, path, role, null, "");

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .hasValue("default-src 'none'; frame-ancestors 'none'");
            assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
            assertThat(answer.headers().map()).doesNotContainKeys(
                    "server", "x-powered-by", "strict-transport-security", "access-control-allow-origin", "set-cookie");
        }

        @Test
        void anAnswerToTooMuchKeepsTheHeadersToo() {
            var headers = client.headers("engage", JSON);
            var body = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[300 * 1024]));

            var answer = client.send("POST", "/api/v1/calls", headers, body);

            assertProblem(answer, 413, "payload-too-large");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        }

        @Test
        void behindHttpsBrowsersAreToldToStayThere() {
            var https = Map.of("X-Forwarded-Proto", "https");
            var answer = client.send("GET", "/api/v1/calls", https, BodyPublishers.noBody());

            assertThat(answer.headers().firstValue("Strict-Transport-Security")).hasValue("max-age=31536000");
        }

        @Test
        void noOtherSiteMayReadAnAnswer() {
            for (String method : List.of("GET", "OPTIONS")) {
                var headers = client.headers("engage", null);
                headers.put("X-API-Key", system.key("engage"));
                headers.put("Origin", "https://evil.example");
                headers.put("Access-Control-Request-Method", "POST");

                var answer = client.send(method, "/api/v1/calls", headers, BodyPublishers.noBody());

                assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-allow"));
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {
            "env", "beans", "configprops", "heapdump", "threaddump", "loggers", "mappings", "shutdown", "camel",
            "camelroutes", "httpexchanges", "logfile", "jolokia", "metrics"})
        void theManagementPortShowsHealthAndMetricsOnly(String endpoint) throws Exception {
            var request = HttpRequest.newBuilder(URI.create(system.management() + "/actuator/" + endpoint)).build();

            assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(404);
            assertProblem(client.send("GET", "/actuator/" + endpoint, "operator", null, ""), 404, "not-found");
        }

        @Test
        void whatProvesWhoAsksIsNotHandedOn() {
            var guarded = Guarded.shared();
            int before = guarded.eligibility.requests().size();
            var token = guarded.provider.sign(guarded.provider.claims("voice-ai:engage").subject("handed-on"));

            var answer = guarded.post("/api/v1/calls?dry_run=true",
                    Map.of("Authorization", "Bearer " + token, "Cookie", "session=" + token), call(""));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            var asked = guarded.eligibility.requests().subList(before, guarded.eligibility.requests().size());
            assertThat(asked).isNotEmpty();
            assertThat(asked.toString()).doesNotContain(token)
                    .doesNotContainIgnoringCase("x-api-key", "authorization", "cookie");
            assertThat(answer.headers().map().toString() + answer.body()).doesNotContain(token);
        }
    }

    // --- API9:2023 Improper inventory management; OpenApiTest has the roles, SecurityPageTest their table ---

    @Nested
    class API9ImproperInventoryManagement {
        @Test
        void whatIsServedIsTheContractAndWhatRetellCalls() {
            var http = system.bean(CamelContext.class).getComponent("platform-http", PlatformHttpComponent.class);
            var served = http.getHttpEndpoints().stream()
                    .map(endpoint -> endpoint.getUri().replaceFirst("/$", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
            var others = system.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                    .getHandlerMethods().keySet().stream()
                    .flatMap(mapping -> mapping.getPatternValues().stream()).toList();

            assertThat(served).allMatch(path -> path.startsWith("/api/v1")
                    || Set.of("/webhooks/retell", "/retell/functions", "/retell/inbound").contains(path));
            assertThat(others).containsExactlyInAnyOrder("/openapi.yaml", "/error");
        }

        @ParameterizedTest
        @ValueSource(strings = {
            "/api/v0/calls", "/api/v2/calls", "/api/calls", "/calls", "/v1/calls", "/api/v1", "/api/v1/",
            "/api/v1/openapi.yaml", "/api/v1/api-doc", "/swagger-ui.html", "/v3/api-docs", "/internal/calls",
            "/api/v1/debug", "/.git/config", "/.env", "/application.yaml", "/sandbox/calls",
            "/2015-03-31/functions/retell-webhook-forwarder/invocations"})
        void thereIsNoOtherVersionOrDoor(String path) {
            assertProblem(client.send("GET", path, "operator", null, ""), 404, "not-found");
        }

        @Test
        void theContractThatIsServedIsTheOneOfTheRoutes() throws Exception {
            var answer = client.send("GET", "/openapi.yaml", null, null, "");

            assertThat(answer.body()).isEqualTo(Files.readString(Path.of("routes/openapi.yaml")));
            assertThat(answer.headers().allValues("Cache-Control")).containsExactly("max-age=300");
        }
    }

    // --- API10:2023 Unsafe consumption of APIs; CallProcessorTest, GateChecksTest, WritebackTest have bad answers ---

    @Nested
    class API10UnsafeConsumptionOfApis {
        private final Outside outside = Outside.shared();

        @ParameterizedTest
        @ValueSource(ints = {301, 302, 307, 308})
        void aRedirectOfRetellLeadsNowhere(int status) {
            try (var trap = new Stub()) {
                outside.retell.answer(request -> request.path().equals("/v2/create-phone-call")
                        ? new Stub.Answer(status, "", Map.of("Location", trap.url() + "/v2/create-phone-call"))
                        : Outside.placed(request));
                var requestId = outside.system.requestCall("+12065550100");

                await().atMost(RunningSystem.PATIENCE).pollInterval(Duration.ofMillis(200)).until(() ->
                        outside.system.call(requestId).at("/attempts/0/state").asText().equals("unknown"));

                assertThat(outside.dials(requestId)).hasSize(1);
                assertThat(trap.requests()).isEmpty();
            } finally {
                outside.healthy();
            }
        }
    }

    private static String requestId(HttpResponse<String> accepted) {
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        return json(accepted.body()).path("request_id").asText();
    }
}
