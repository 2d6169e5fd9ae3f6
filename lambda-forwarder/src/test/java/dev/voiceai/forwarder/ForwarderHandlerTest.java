package dev.voiceai.forwarder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwarderHandlerTest {
    private static final Instant NOW = Instant.parse("2026-09-24T10:30:00Z");
    private static final String KEY = "key_current";
    private static final String OLD_KEY = "key_old";
    private static final byte[] BODY = Samples.read("call_analyzed.success.json");
    private static final String UNAUTHORIZED = "{\"type\":\"/problems/unauthorized\",\"title\":\"Unauthorized\","
            + "\"status\":401,\"detail\":\"The request has no valid signature.\"}";

    private FakeSqs sqs;
    private Lambda lambda;
    private ForwarderHandler handler;

    @BeforeEach
    void start() throws IOException {
        sqs = new FakeSqs();
        handler = new ForwarderHandler(
                () -> List.of(KEY, OLD_KEY),
                new QueueSender(sqs::settings, Clock.systemUTC()),
                Clock.fixed(NOW, ZoneOffset.UTC));
        lambda = new Lambda(handler);
    }

    @AfterEach
    void stop() {
        sqs.close();
    }

    static List<String> samples() {
        return Samples.names();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void forwardsEverySample(String sample) throws IOException {
        byte[] body = Samples.read(sample);
        JsonNode answer = lambda.invoke(Lambda.post(body, signed(body)));
        assertThat(answer).isEqualTo(Lambda.MAPPER.createObjectNode().put("statusCode", 204));
        JsonNode message = onlyMessage();
        assertThat(message.at("/call/call_id")).isEqualTo(Lambda.MAPPER.readTree(body).at("/call/call_id"));
        assertThat(message.get("received_at").asText()).isEqualTo("2026-09-24T10:30:00.000Z");
    }

    @Test
    void verifiesABase64BodyByItsBytes() throws IOException {
        assertThat(status(Lambda.postBase64(BODY, signed(BODY)))).isEqualTo(204);
        assertThat(onlyMessage().get("event").asText()).isEqualTo("call_analyzed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-retell-signature", "X-Retell-Signature", "X-RETELL-SIGNATURE"})
    void findsTheSignatureInAnyCase(String name) throws IOException {
        assertThat(status(Lambda.post(BODY, Map.of(name, RetellSignature.sign(BODY, KEY, NOW))))).isEqualTo(204);
    }

    @Test
    void acceptsTheOldKeyWhileKeysRotate() throws IOException {
        assertThat(status(Lambda.post(BODY, signature(RetellSignature.sign(BODY, OLD_KEY, NOW))))).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(longs = {-300_000, 300_000})
    void acceptsAnAgeOfExactlyFiveMinutes(long offsetMs) throws IOException {
        String signature = RetellSignature.sign(BODY, KEY, NOW.plusMillis(offsetMs));
        assertThat(status(Lambda.post(BODY, signature(signature)))).isEqualTo(204);
    }

    static Stream<Arguments> refusals() throws IOException {
        String good = RetellSignature.sign(BODY, KEY, NOW);
        byte[] bit = BODY.clone();
        bit[100] ^= 1;
        byte[] reserialised = Lambda.MAPPER.writeValueAsBytes(Lambda.MAPPER.readTree(BODY));
        byte[] newline = Arrays.copyOf(BODY, BODY.length + 1);
        newline[BODY.length] = '\n';
        return Stream.of(
                Arguments.of("one bit of the body changed", Lambda.post(bit, signature(good))),
                Arguments.of("JSON written anew", Lambda.post(reserialised, signature(good))),
                Arguments.of("line break added", Lambda.post(newline, signature(good))),
                Arguments.of("plain text signed, gzip sent", Lambda.postBase64(gzip(BODY), signature(good))),
                Arguments.of("empty body", Lambda.post(new byte[0], signature(good))),
                Arguments.of("broken base64", Lambda.post(BODY, signature(good)).put("isBase64Encoded", true)),
                Arguments.of("base64 not marked as such",
                        Lambda.postBase64(BODY, signature(good)).put("isBase64Encoded", false)),
                Arguments.of("body missing", without(Lambda.post(BODY, signature(good)), "body")),
                Arguments.of("body null", Lambda.post(BODY, signature(good)).putNull("body")),
                Arguments.of("wrong key", Lambda.post(BODY, signature(RetellSignature.sign(BODY, "key_other", NOW)))),
                Arguments.of("no header", Lambda.post(BODY, Map.of())),
                Arguments.of("no headers", without(Lambda.post(BODY, Map.of()), "headers")),
                Arguments.of("empty header", Lambda.post(BODY, signature(""))),
                Arguments.of("header twice, joined by Lambda", Lambda.post(BODY, signature(good + "," + good))),
                Arguments.of("header twice, in two cases",
                        Lambda.post(BODY, Map.of("x-retell-signature", good, "X-Retell-Signature", good))),
                Arguments.of("header is an object",
                        Lambda.post(BODY, Map.of()).set("headers", Lambda.MAPPER.createObjectNode()
                                .set("x-retell-signature", Lambda.MAPPER.createObjectNode().put("a", 1)))),
                Arguments.of("five minutes and a millisecond old",
                        Lambda.post(BODY, signature(RetellSignature.sign(BODY, KEY, NOW.minusMillis(300_001))))),
                Arguments.of("five minutes and a millisecond ahead",
                        Lambda.post(BODY, signature(RetellSignature.sign(BODY, KEY, NOW.plusMillis(300_001))))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refusesAlwaysWithTheSameAnswerAndSendsNothing(String why, JsonNode event) throws IOException {
        JsonNode answer = lambda.invoke(event);
        assertThat(answer.get("statusCode").asInt()).isEqualTo(401);
        assertThat(answer.at("/headers/content-type").asText()).isEqualTo("application/problem+json");
        assertThat(answer.get("body").asText()).isEqualTo(UNAUTHORIZED);
        assertThat(sqs.tried).isEmpty();
        assertThat(lambda.log).containsExactly("refused: no valid signature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"call\":{}}", "{\"event\":", "call_ended"})
    void refusesASignedBodyThatIsNotAnEvent(String body) throws IOException {
        JsonNode answer = lambda.invoke(Lambda.post(body.getBytes(UTF_8), signed(body.getBytes(UTF_8))));
        assertProblem(answer, 400, "/problems/malformed");
        assertThat(sqs.tried).isEmpty();
    }

    @Test
    void refusesASignedGzipBody() throws IOException {
        byte[] body = gzip(BODY);
        assertProblem(lambda.invoke(Lambda.postBase64(body, signed(body))), 400, "/problems/malformed");
        assertThat(sqs.tried).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[1,2]", "\"x\"", "{\"body\":", "\u0000"})
    void answersWhatIsNotAFunctionUrlEventWithoutFailing(String event) throws IOException {
        assertProblem(lambda.invoke(event.getBytes(UTF_8)), 400, "/problems/malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "post", ""})
    void servesPostOnly(String method) throws IOException {
        ObjectNode event = Lambda.post(BODY, signed(BODY));
        ((ObjectNode) event.at("/requestContext/http")).put("method", method);
        JsonNode answer = lambda.invoke(event);
        assertProblem(answer, 405, "/problems/method-not-allowed");
        assertThat(answer.at("/headers/allow").asText()).isEqualTo("POST");
        assertThat(sqs.tried).isEmpty();
    }

    @Test
    void takesSixMegabytesAndNotOneByteMore() throws IOException {
        byte[] largest = padded(ForwarderHandler.BODY_LIMIT);
        assertThat(status(Lambda.post(largest, signed(largest)))).isEqualTo(204);
        assertThat(onlyMessage().at("/call/call_id").asText()).isEqualTo("call_1");

        byte[] larger = padded(ForwarderHandler.BODY_LIMIT + 1);
        assertProblem(lambda.invoke(Lambda.post(larger, signed(larger))), 413, "/problems/payload-too-large");
        byte[] farLarger = padded(21_000_000);
        assertProblem(lambda.invoke(Lambda.post(farLarger, signed(farLarger))), 413, "/problems/payload-too-large");
        assertThat(sqs.sent).hasSize(1);
    }

    @Test
    void answers503WithoutAConfirmationAnd204OnRetellsNextTry() throws IOException {
        sqs.then(FakeSqs.status(500, ""));
        sqs.then(FakeSqs.hangUp());
        assertProblem(lambda.invoke(Lambda.post(BODY, signed(BODY))), 503, "/problems/queue-unavailable");
        assertThat(sqs.sent).isEmpty();
        assertThat(status(Lambda.post(BODY, signed(BODY)))).isEqualTo(204);
        assertThat(sqs.sent).hasSize(1);
    }

    @Test
    void passesOnAWellFormedTraceContextOnly() throws IOException {
        String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        String signature = RetellSignature.sign(BODY, KEY, NOW);
        lambda.invoke(Lambda.post(BODY, Map.of("x-retell-signature", signature, "traceparent", traceparent)));
        lambda.invoke(Lambda.post(BODY, Map.of("x-retell-signature", signature, "traceparent", "00-\u0000-x")));
        assertThat(sqs.sent.get(0).at("/MessageAttributes/traceparent/StringValue").asText()).isEqualTo(traceparent);
        assertThat(sqs.sent.get(1).has("MessageAttributes")).isFalse();
    }

    @Test
    void theTraceOfTheCallGoesBeforeThatOfTheRequest() throws IOException {
        String ofCall = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        String ofRequest = "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        for (String metadata : List.of(
                "{\"traceparent\":\"" + ofCall + "\"}",
                "{\"traceparent\":\"00-00000000000000000000000000000000-b7ad6b7169203331-01\"}",
                "{\"traceparent\":\"+12065550100\"}",
                "{\"traceparent\":{}}",
                "[\"" + ofCall + "\"]")) {
            byte[] body = ("{\"event\":\"call_started\",\"call\":{\"metadata\":" + metadata + "}}").getBytes(UTF_8);
            String signature = RetellSignature.sign(body, KEY, NOW);
            lambda.invoke(Lambda.post(body, Map.of("x-retell-signature", signature, "traceparent", ofRequest)));
        }
        assertThat(sqs.sent.stream().map(sent -> sent.at("/MessageAttributes/traceparent/StringValue").asText()))
                .containsExactly(ofCall, ofRequest, ofRequest, ofRequest, ofRequest);
    }

    @Test
    void logsNeitherNumbersNorWordsNorKeys() throws IOException {
        byte[] body = "{\"event\":\"+14155550100\",\"call\":{\"call_id\":\"Zoë Müller\",\"transcript\":\"Hi Zoë\"}}"
                .getBytes(UTF_8);
        lambda.invoke(Lambda.post(body, signed(body)));
        lambda.invoke(Lambda.post(BODY, signed(BODY)));
        lambda.invoke(Lambda.post(BODY, signed(body)));
        sqs.then(FakeSqs.status(500, "{\"__type\":\"+14155550100\"}"));
        sqs.then(FakeSqs.status(500, "+14155550100"));
        lambda.invoke(Lambda.post(BODY, signed(BODY)));
        assertThat(lambda.log).hasSize(4);
        assertThat(lambda.log.get(1)).startsWith("queued: event=call_analyzed call_id=call_3f9a");
        assertThat(String.join("\n", lambda.log)).doesNotContainPattern("\\+\\d|Zo|Müller|key_|v=|Acme|Agent:");
    }

    @Test
    void worksWithoutAContext() throws IOException {
        byte[] event = Lambda.MAPPER.writeValueAsBytes(Lambda.post(BODY, signed(BODY)));
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(event), answer, null);
        assertThat(answer.toString(UTF_8)).isEqualTo("{\"statusCode\":204}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETELL_WEBHOOK_KEY", "RETELL_API_KEY"})
    void isSetUpByItsEnvironmentAlone(String keySetting) throws IOException {
        Map<String, String> environment = new HashMap<>(sqs.environment());
        environment.put("RETELL_API_KEY", "key_of_the_api");
        environment.put(keySetting, "key_next, " + KEY);
        lambda = new Lambda(new ForwarderHandler(environment, Clock.fixed(NOW, ZoneOffset.UTC)));
        assertThat(status(Lambda.post(BODY, signed(BODY)))).isEqualTo(204);
        String otherKey = RetellSignature.sign(BODY, "key_of_the_api", NOW);
        assertThat(status(Lambda.post(BODY, signature(otherKey)))).isEqualTo(401);
        assertThat(sqs.sent).hasSize(1);
    }

    @Test
    void namesEverySettingThatIsMissingAtStart() {
        assertThatThrownBy(() -> new ForwarderHandler(Map.of("RETELL_API_KEY", " , "), Clock.systemUTC()))
                .hasMessage("Not set: CALL_EVENTS_QUEUE_URL, AWS_REGION, RETELL_WEBHOOK_KEY (or RETELL_API_KEY)");
    }

    private JsonNode onlyMessage() throws IOException {
        assertThat(sqs.sent).hasSize(1);
        return Lambda.MAPPER.readTree(sqs.sent.get(0).get("MessageBody").asText());
    }

    private int status(JsonNode event) throws IOException {
        return lambda.invoke(event).get("statusCode").asInt();
    }

    private static void assertProblem(JsonNode answer, int status, String type) throws IOException {
        assertThat(answer.get("statusCode").asInt()).isEqualTo(status);
        assertThat(answer.at("/headers/content-type").asText()).isEqualTo("application/problem+json");
        JsonNode problem = Lambda.MAPPER.readTree(answer.get("body").asText());
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("type").asText()).isEqualTo(type);
    }

    private static Map<String, String> signed(byte[] body) {
        return signature(RetellSignature.sign(body, KEY, NOW));
    }

    private static Map<String, String> signature(String value) {
        return Map.of("content-type", "application/json", "x-retell-signature", value);
    }

    private static byte[] padded(int length) {
        String start = "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"call_1\",\"transcript_object\":[\"";
        String end = "\"]}}";
        return (start + "x".repeat(length - start.length() - end.length()) + end).getBytes(UTF_8);
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        }
        return bytes.toByteArray();
    }

    private static ObjectNode without(ObjectNode event, String field) {
        event.remove(field);
        return event;
    }
}
