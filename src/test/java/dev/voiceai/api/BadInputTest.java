package dev.voiceai.api;

import static dev.voiceai.api.Client.CANARY;
import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.assertSilent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.voiceai.system.RunningSystem;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client can do wrong: a problem that names the field and nothing else, and nothing is kept or sent on. */
class BadInputTest {
    private static final String JSON = "application/json";
    private static final String REQUEST_ID = "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b";
    private static final byte[] TWO_MEBIBYTES = new byte[2 * 1024 * 1024];
    private static final byte[] FIVE_MEBIBYTES = new byte[5 * 1024 * 1024];

    /** Every POST of the API with a key's role and a body that would pass its schema. */
    private record Post(String path, String role, String wrongRole, String goodBody) {}

    private static final List<Post> POSTS = List.of(
            new Post("/api/v1/calls", "engage", "business", "{\"to_number\": \"+12065550100\"}"),
            new Post("/api/v1/calls/search", "engage", null, "{\"number\": \"+12065550100\"}"),
            new Post("/api/v1/tasks/field-writeback", "business", "engage",
                    "{\"request_id\": \"" + REQUEST_ID + "\", \"fields\": {\"a\": 1}}"),
            new Post("/api/v1/tasks/reschedule-call", "business", "engage",
                    "{\"request_id\": \"" + REQUEST_ID + "\", \"not_before\": \"2030-01-01T10:00:00Z\"}"),
            new Post("/api/v1/tasks/incoming-call", "business", "operator",
                    "{\"from_number\": \"+12065550100\", \"to_number\": \"+14155550100\"}"),
            new Post("/api/v1/tasks/" + REQUEST_ID + "/resolve", "business", "engage", "{\"resolution\": \"confirmed\"}"),
            new Post("/api/v1/dead-letters/redrive", "operator", "engage", "{\"dry_run\": true}"),
            new Post("/api/v1/tasks/do-not-call", "business", "engage", "{\"request_id\": \"" + REQUEST_ID + "\"}"),
            new Post("/api/v1/do-not-call", "engage", null, "{\"numbers\": [\"+12065550100\"], \"source\": \"s\", \"reason\": \"r\"}"),
            new Post("/api/v1/do-not-call/check", "business", null, "{\"numbers\": [\"+12065550100\"]}"),
            new Post("/api/v1/do-not-call/remove", "operator", "engage", "{\"numbers\": [\"+12065550100\"], \"reason\": \"r\"}"));

    private final RunningSystem system = RunningSystem.shared();
    private final Client client = new Client(system);
    private Map<String, Object> before;

    static Stream<Post> posts() {
        return POSTS.stream();
    }

    @BeforeEach
    void count() {
        before = rows();
    }

    @AfterEach
    void nothingIsKeptOrSentOn() {
        assertThat(rows()).isEqualTo(before);
    }

    /** What a request leaves behind; a message for SQS #1 hangs on a request. */
    private Map<String, Object> rows() {
        return system.ledger()
                .sql("""
                        SELECT (SELECT COUNT(*) FROM request) AS requests, (SELECT COUNT(*) FROM task) AS tasks,
                            (SELECT COUNT(*) FROM person) AS persons, (SELECT COUNT(*) FROM contact) AS contacts, (SELECT COUNT(*) FROM idempotency) AS keys_used,
                            (SELECT COUNT(*) FROM audit) AS audited, (SELECT COUNT(*) FROM stream) AS streams""")
                .query()
                .singleRow();
    }

    // --- Every POST ---

    @ParameterizedTest
    @MethodSource("posts")
    void aBodyThatIsNotJsonIsMalformed(Post post) {
        for (String body : List.of(
                "{", "", " ", "{\"to_number\": \"" + CANARY, "to_number=" + CANARY, "{\"a\": 1}{\"a\": 2}", "{\"a\": 1, \"a\": 2}",
                "<call>" + CANARY + "</call>")) {
            assertProblem(client.send("POST", post.path, post.role, JSON, body), 400, "malformed");
        }
    }

    @ParameterizedTest
    @MethodSource("posts")
    void aBodyThatIsNoObjectIsRefused(Post post) {
        for (String body : List.of("[]", "\"" + CANARY + "\"", "7", "true", "null")) {
            var answer = client.send("POST", post.path, post.role, JSON, body);
            assertThat(answer.statusCode()).as(body + " " + answer.body()).isIn(400, 422);
            assertProblem(answer, answer.statusCode(), answer.statusCode() == 400 ? "malformed" : "validation");
        }
    }

    @ParameterizedTest
    @MethodSource("posts")
    void anotherContentTypeIsNotTaken(Post post) {
        for (String type : new String[] {"text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense", null}) {
            assertProblem(client.send("POST", post.path, post.role, type, post.goodBody), 415, "unsupported-media-type");
        }
    }

    @ParameterizedTest
    @MethodSource("posts")
    void anUnknownFieldIsNamed(Post post) {
        var body = post.goodBody.replaceFirst("\\{", "{\"surprise\": \"" + CANARY + "\", ");

        var problem = assertProblem(client.send("POST", post.path, post.role, JSON, body), 422, "validation");

        assertThat(problem.at("/errors/0/pointer").textValue()).isEqualTo("/surprise");
        assertThat(problem.at("/errors/0/code").textValue()).isEqualTo("unknown_field");
    }

    @ParameterizedTest
    @MethodSource("posts")
    void twoMebibytesAreTooMuch(Post post) {
        var headers = client.headers(post.role, JSON);

        assertProblem(client.send("POST", post.path, headers, BodyPublishers.ofByteArray(TWO_MEBIBYTES)), 413, "payload-too-large");
        assertProblem(
                client.send("POST", post.path, headers,
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(TWO_MEBIBYTES))),
                413, "payload-too-large");
    }

    @ParameterizedTest
    @MethodSource("posts")
    void withoutAKnownKeyNothingIsTold(Post post) {
        for (String key : new String[] {null, CANARY, " ", system.key(post.role) + "x"}) {
            assertProblem(client.send("POST", post.path, key, JSON, post.goodBody), 401, "unauthorized");
            assertProblem(client.send("POST", post.path, key, JSON, "{\"surprise\": 1}"), 401, "unauthorized");
        }
    }

    @ParameterizedTest
    @MethodSource("posts")
    void aKeyOfAnotherRoleIsForbidden(Post post) {
        if (post.wrongRole != null) {
            assertProblem(client.send("POST", post.path, post.wrongRole, JSON, post.goodBody), 403, "forbidden");
        }
    }

    // --- Fields ---

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/api/v1/calls | {}                                                                  | /to_number           | required",
        "/api/v1/calls | {'to_number': '2065550100'}                                         | /to_number           | pattern",
        "/api/v1/calls | {'to_number': '+1 (206) 555-0100'}                                  | /to_number           | pattern",
        "/api/v1/calls | {'to_number': 12065550100}                                          | /to_number           | type",
        "/api/v1/calls | {'to_number': null}                                                 | /to_number           | type",
        "/api/v1/calls | {'to_number': '+12065550100\\n'}                                    | /to_number           | impossible_number",
        "/api/v1/calls | {'to_number': '+1206555'}                                           | /to_number           | impossible_number",
        "/api/v1/calls | {'to_number': '+12065550100', 'from_number': 'canary-7f3a9c'}       | /from_number         | pattern",
        "/api/v1/calls | {'to_number': '+12065550100', 'timezone': 'Mars/canary-7f3a9c'}     | /timezone            | unknown_zone",
        "/api/v1/calls | {'to_number': '+12065550100', 'expires_at': '2020-01-01T00:00:00Z'} | /expires_at          | in_past",
        "/api/v1/calls | {'to_number': '+12065550100', 'expires_at': 'canary-7f3a9c'}        | /expires_at          | format",
        "/api/v1/calls | {'to_number': '+12065550100', 'expires_at': '2030-01-01T00:00:00'}  | /expires_at          | format",
        "/api/v1/calls | {'to_number': '+12065550100', 'not_before': '2999-01-01T00:00:00Z'} | /not_before          | too_far_ahead",
        "/api/v1/calls | {'to_number': '+12065550100', 'metadata': {'request_id': '1'}}      | /metadata/request_id | not",
        "/api/v1/calls | {'to_number': '+12065550100', 'metadata': {'attempt': null}}        | /metadata/attempt    | not",
        "/api/v1/calls | {'to_number': '+12065550100', 'metadata': ['canary-7f3a9c']}        | /metadata            | type",
        "/api/v1/calls | {'to_number': '+12065550100', 'dynamic_variables': {'a': 7}}        | /dynamic_variables/a | type",
        "/api/v1/calls | {'to_number': '+12065550100', 'contact_id': ''}                     | /contact_id          | min_length",
        "/api/v1/calls | {'to_number': '+12065550100', 'contact_id': 'a\\u0000b'}            | /contact_id          | forbidden_character",
        "/api/v1/calls | {'to_number': '+12065550100', 'consent': {'basis': 'x'}}            | /consent/obtained_at | required",
        "/api/v1/calls/search                 | {'number': 'canary-7f3a9c'}                  | /number              | pattern",
        "/api/v1/tasks/field-writeback        | {'request_id': 'canary-7f3a9c', 'fields': {'a': 1}} | /request_id   | pattern",
        "/api/v1/tasks/field-writeback        | {'call_id': 'c', 'fields': {}}               | /fields              | min_properties",
        "/api/v1/tasks/reschedule-call        | {'call_id': 'c'}                             | /not_before          | required",
        "/api/v1/tasks/reschedule-call        | {'call_id': 'c', 'not_before': '2030-01-01T10:00', 'timezone': 'Mars/X'} | /timezone | unknown_zone",
        "/api/v1/tasks/incoming-call          | {'from_number': '1', 'to_number': '+14155550100'} | /from_number    | pattern",
        "/api/v1/tasks/any/resolve            | {'resolution': 'canary-7f3a9c'}              | /resolution          | enum",
        "/api/v1/tasks/any/resolve            | {'resolution': 'corrected'}                  | /fields              | required",
        "/api/v1/tasks/do-not-call            | {'call_id': 'c', 'until': '2020-01-01T00:00:00Z'} | /until          | in_past",
        "/api/v1/tasks/do-not-call            | {'call_id': 'c', 'number': '+12065550100'}   | /number              | unknown_field",
        "/api/v1/tasks/do-not-call            | {}                                           | /request_id          | required",
        "/api/v1/do-not-call | {}                                                             | /contact_id          | required",
        "/api/v1/do-not-call | {'numbers': [], 'source': 's', 'reason': 'r'}                  | /numbers             | min_items",
        "/api/v1/do-not-call | {'numbers': ['canary-7f3a9c'], 'source': 's', 'reason': 'r'}   | /numbers/0           | pattern",
        "/api/v1/do-not-call | {'numbers': ['+12065550100', '+1206555'], 'source': 's', 'reason': 'r'} | /numbers/1  | impossible_number",
        "/api/v1/do-not-call | {'numbers': ['+12065550100'], 'contact_id': 'c', 'source': 's', 'reason': 'r'} | /contact_id | not",
        "/api/v1/do-not-call | {'contact_id': 'c', 'reason': 'r'}                             | /source              | required",
        "/api/v1/do-not-call | {'contact_id': 'c', 'source': 's'}                             | /reason              | required",
        "/api/v1/do-not-call | {'contact_id': 'c', 'source': 's', 'reason': 'a\\u0000b'}      | /reason              | forbidden_character",
        "/api/v1/do-not-call | {'contact_id': 'c', 'source': 's', 'reason': 'r', 'until': '2020-01-01T00:00:00Z'} | /until | in_past",
        "/api/v1/do-not-call | {'contact_id': 'c', 'source': 's', 'reason': 'r', 'until': 'canary-7f3a9c'} | /until   | format",
        "/api/v1/do-not-call/check            | {'numbers': ['+1206555']}                    | /numbers/0           | impossible_number",
        "/api/v1/do-not-call/remove           | {'contact_id': 'c'}                          | /reason              | required",
        "/api/v1/dead-letters/redrive         | {'sink': 'canary-7f3a9c'}                    | /sink                | pattern",
        "/api/v1/dead-letters/redrive         | {'ids': []}                                  | /ids                 | min_items",
    })
    void aFieldThatIsWrongIsNamed(String path, String body, String pointer, String code) {
        var answer = client.send("POST", path, roleOf(path), JSON, body.replace('\'', '"'));

        var problem = assertProblem(answer, 422, "validation");

        assertThat(problem.at("/errors").findValuesAsText("pointer")).contains(pointer);
        assertThat(problem.at("/errors")).anySatisfy(error -> {
            assertThat(error.path("pointer").textValue()).isEqualTo(pointer);
            assertThat(error.path("code").textValue()).isEqualTo(code);
            assertThat(error.path("message").textValue()).isNotBlank();
        });
    }

    private static String roleOf(String path) {
        return path.contains("tasks") ? "business" : path.matches(".*(dead|remove).*") ? "operator" : "engage";
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        var problem = assertProblem(
                client.send("POST", "/api/v1/calls", "engage", JSON, """
                        {"to_number": "1", "expires_at": "soon", "surprise": 1, "metadata": {"attempt": 1}}"""),
                422, "validation");

        assertThat(problem.at("/errors").findValuesAsText("pointer"))
                .containsExactly("/expires_at", "/metadata/attempt", "/surprise", "/to_number");
    }

    @Test
    void metadataOverItsLimitIsNamed() {
        var body = "{\"to_number\": \"+12065550100\", \"metadata\": {\"a\": \"" + "x".repeat(20_000) + "\"}}";

        var problem = assertProblem(client.send("POST", "/api/v1/calls", "engage", JSON, body), 422, "validation");

        assertThat(problem.at("/errors/0/pointer").textValue()).isEqualTo("/metadata");
    }

    @Test
    void anIdempotencyKeyHasALimit() {
        var headers = client.headers("engage", JSON);
        headers.put("Idempotency-Key", CANARY.repeat(30));

        assertProblem(
                client.send("POST", "/api/v1/calls", headers, BodyPublishers.ofString("{\"to_number\": \"+12065550100\"}")),
                422, "validation");
    }

    // --- Paths, queries and methods ---

    @ParameterizedTest
    @CsvSource({
        "/api/v1/calls?limit=abc, /limit", "/api/v1/calls?limit=0, /limit", "/api/v1/calls?limit=201, /limit",
        "/api/v1/calls?limit=1.5, /limit", "/api/v1/calls?limit=-1, /limit", "/api/v1/calls?limit=, /limit",
        "/api/v1/calls?limit=nan, /limit", "/api/v1/calls?limit=null, /limit",
        "/api/v1/calls?state=canary-7f3a9c, /state", "/api/v1/calls?outcome=canary-7f3a9c, /outcome",
        "/api/v1/calls?created_from=canary-7f3a9c, /created_from", "/api/v1/calls?updated_since=2026-01-01, /updated_since",
        "/api/v1/calls?contact_id=a%00b, /contact_id",
        "/api/v1/tasks?limit=abc, /limit", "/api/v1/tasks?state=canary-7f3a9c, /state", "/api/v1/tasks?type=Canary!, /type",
    })
    void aQueryParameterThatIsWrongIsNamed(String path, String pointer) {
        var problem = assertProblem(client.send("GET", path, "operator", null, ""), 422, "validation");

        assertThat(problem.at("/errors/0/pointer").textValue()).isEqualTo(pointer);
    }

    @Test
    void theQueryOfASearchIsCheckedToo() {
        var problem = assertProblem(
                client.send("POST", "/api/v1/calls/search?limit=abc", "engage", JSON, "{\"number\": \"+12065550100\"}"),
                422, "validation");

        assertThat(problem.at("/errors/0/pointer").textValue()).isEqualTo("/limit");
    }

    @Test
    void aReasonThatIsTooLongIsNamed() {
        var problem = assertProblem(
                client.send("DELETE", "/api/v1/tasks/" + REQUEST_ID + "?reason=" + "x".repeat(257), "business", null, ""),
                422, "validation");

        assertThat(problem.at("/errors/0/pointer").textValue()).isEqualTo("/reason");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/calls/canary-7f3a9c, engage", "DELETE, /api/v1/calls/canary-7f3a9c, engage",
        "GET, /api/v1/calls/019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b, operator", "GET, /api/v1/tasks/canary-7f3a9c, business",
        "DELETE, /api/v1/tasks/canary-7f3a9c, business", "DELETE, /api/v1/tasks/canary-7f3a9c?reason=x, business",
        "GET, /api/v1/nothing, engage", "GET, /api/v2/calls, engage", "GET, /canary-7f3a9c, engage", "GET, /, engage",
        "GET, /api/v1/calls/a/b, engage", "GET, /error, engage", "GET, /actuator/health, operator",
        "GET, /api/v1/calls/%F0%9F%98%80, engage",
    })
    void whatIsNotThereIsNotFound(String method, String path, String role) {
        assertProblem(client.send(method, path, role, null, ""), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "send-brochure", "Field-Writeback", "field_writeback", "call", "canary-7f3a9c", "..%2f..%2fcall", "%2e%2e", "%24%7Benv:HOME%7D",
    })
    void anUnknownTaskTypeIsNotFound(String type) {
        var answer = client.send("POST", "/api/v1/tasks/" + type, "business", JSON, "{}");

        assertThat(answer.statusCode()).as(answer.body()).isIn(400, 404);
        assertSilent(answer);
    }

    @Test
    void anUnknownCallOrTaskInABodyIsNotFound() {
        for (Post post : POSTS.subList(2, 4)) {
            assertProblem(client.send("POST", post.path, post.role, JSON, post.goodBody), 404, "not-found");
        }
        assertProblem(client.send("POST", POSTS.get(7).path, "business", JSON, POSTS.get(7).goodBody), 404, "not-found");
        assertProblem(client.send("POST", POSTS.get(5).path, "operator", JSON, POSTS.get(5).goodBody), 404, "not-found");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /api/v1/calls", "PATCH, /api/v1/calls", "DELETE, /api/v1/calls", "PUT, /api/v1/calls/canary-7f3a9c",
        "DELETE, /api/v1/dead-letters", "PUT, /api/v1/dead-letters/redrive", "PUT, /api/v1/tasks/canary-7f3a9c",
        "GET, /retell/functions", "GET, /retell/inbound", "GET, /webhooks/retell", "DELETE, /webhooks/retell",
    })
    void anotherMethodIsNotAllowed(String method, String path) {
        var answer = client.send(method, path, "operator", null, "");

        assertProblem(answer, 405, "method-not-allowed");
        assertThat(answer.headers().firstValue("Allow")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/api/v1/calls/a%2Fb", "/api/v1/calls/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/api/v1/tasks/a%2Fb", "/api/v1/calls/a%5Cb",
        "/api/v1/calls/a;b=c", "/api/v1/calls/a%00b", "/api/v1/calls/%25", "/api/v1/calls/%",
        "/api/v1/calls/<script>", "/api/v1/calls?cursor={a}",
    })
    void anOddTargetIsRefusedQuietly(String target) throws Exception {
        String answer = raw("GET " + target + " HTTP/1.1\r\nHost: x\r\nX-API-Key: " + system.key("engage") + "\r\nX-Canary: " + CANARY
                + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d.*");
        assertThat(answer).doesNotContain(CANARY, system.key("engage"), "Exception", "org.apache", "<html", "passwd", "script");
    }

    @Test
    void aTraceDoesNotEchoTheRequest() {
        var answer = client.send("TRACE", "/api/v1/calls", "engage", null, "");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertSilent(answer);
    }

    @Test
    void anOptionsRequestTellsTheMethodsAndNothingElse() {
        assertSilent(client.send("OPTIONS", "/api/v1/calls", "engage", null, ""));
    }

    // --- What Retell sends ---

    @ParameterizedTest
    @ValueSource(strings = {"/retell/functions", "/retell/inbound", "/webhooks/retell"})
    void withoutASignatureNothingIsTaken(String path) {
        var unsigned = client.send("POST", path, null, JSON, "{\"event\": \"call_ended\", \"name\": \"" + CANARY + "\"}");

        assertProblem(unsigned, 401, "unauthorized");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/retell/functions", "/retell/inbound"})
    void aBodyOfRetellOverTheLimitIsTooMuch(String path) {
        var type = Map.of("Content-Type", JSON);

        assertProblem(client.send("POST", path, type, BodyPublishers.ofByteArray(FIVE_MEBIBYTES)), 413, "payload-too-large");
        assertProblem(
                client.send("POST", path, type, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(FIVE_MEBIBYTES))),
                413, "payload-too-large");
    }

    @Test
    void aWebhookOverTheLimitIsTooMuch() {
        assertProblem(
                client.send("POST", "/webhooks/retell", Map.of("Content-Type", JSON), BodyPublishers.ofByteArray(new byte[7 * 1024 * 1024])),
                413, "payload-too-large");
    }

    @Test
    void aSignedWebhookThatIsNotJsonIsRefused() {
        var answer = system.postAsRetell("/webhooks/retell", "{" + CANARY);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertSilent(answer);
    }

    private String raw(String request) throws Exception {
        try (var socket = new Socket("127.0.0.1", system.api().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
