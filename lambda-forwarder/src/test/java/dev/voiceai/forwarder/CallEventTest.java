package dev.voiceai.forwarder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallEventTest {
    private static final Instant RECEIVED_AT = Instant.parse("2026-09-24T10:30:00Z");
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));
    private static final Set<String> NOISE = Set.of(
            "transcript_object",
            "transcript_with_tool_calls",
            "scrubbed_transcript_with_tool_calls",
            "latency",
            "llm_token_usage",
            "public_log_url",
            "knowledge_base_retrieved_contents_url");

    static List<String> samples() {
        return Samples.names();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void keepsAllOfASampleButTheNoise(String sample) throws Exception {
        byte[] body = Samples.read(sample);
        JsonNode original = MAPPER.readTree(body);

        CallEvent event = CallEvent.read(body, RECEIVED_AT).orElseThrow();

        JsonNode message = MAPPER.readTree(event.message());
        ObjectNode call = original.get("call").deepCopy();
        call.remove(NOISE);
        assertThat(message.get("call")).isEqualTo(call);
        assertThat(message.get("schema").asText()).isEqualTo("call-event/1");
        assertThat(message.get("event")).isEqualTo(original.get("event"));
        assertThat(message.get("call_id")).isEqualTo(original.at("/call/call_id"));
        assertThat(message.get("request_id")).isEqualTo(original.at("/call/metadata/request_id"));
        assertThat(message.get("attempt").isTextual()).isTrue();
        assertThat(message.get("attempt").asText()).isEqualTo(original.at("/call/metadata/attempt").asText());
        assertThat(message.get("received_at").asText()).isEqualTo("2026-09-24T10:30:00.000Z");
        assertThat(message.get("payload_sha256").asText())
                .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)));
        assertThat(message.get("transfer_destination")).isEqualTo(original.get("transfer_destination"));
        assertThat(message.get("transfer_option")).isEqualTo(original.get("transfer_option"));
        assertThat(message.has("truncated")).isFalse();
        assertThat(event.event()).isEqualTo(original.get("event").asText());
        assertThat(event.callId()).isEqualTo(original.at("/call/call_id").asText());
    }

    @Test
    void passesUnknownEventsFieldsAndValues() throws IOException {
        JsonNode message = message("""
                {"event":"call_teleported","event_timestamp":1790000100000,"sequence":7,"note":null,"nested":{"a":[1]},
                 "call":{"call_id":"call_1","call_status":"levitating","new_number":1,"new_object":{"b":true}}}""");
        assertThat(message.get("event").asText()).isEqualTo("call_teleported");
        assertThat(message.get("event_timestamp").asLong()).isEqualTo(1_790_000_100_000L);
        assertThat(message.get("sequence").asInt()).isEqualTo(7);
        assertThat(message.get("note").isNull()).isTrue();
        assertThat(message.at("/nested/a/0").asInt()).isEqualTo(1);
        assertThat(message.at("/call/call_status").asText()).isEqualTo("levitating");
        assertThat(message.at("/call/new_number").asInt()).isEqualTo(1);
        assertThat(message.at("/call/new_object/b").asBoolean()).isTrue();
    }

    @Test
    void dropsUnknownFieldsTooLargeForTheQueue() throws IOException {
        String large = "x".repeat(CallEvent.FIELD_LIMIT);
        JsonNode message = message(
                "{\"event\":\"call_ended\",\"big\":\"" + large + "\",\"call\":{\"call_id\":\"call_1\","
                        + "\"huge\":{\"a\":\"" + large + "\"},\"transcript\":\"" + large + "\"}}");
        assertThat(names(message))
                .containsExactlyInAnyOrder("schema", "event", "call_id", "received_at", "payload_sha256", "call");
        assertThat(names(message.get("call"))).containsExactlyInAnyOrder("call_id", "transcript");
    }

    @Test
    void neverLetsTheBodySpeakForTheForwarder() throws IOException {
        JsonNode message = message("""
                {"event":"call_ended","schema":"x","request_id":"x","attempt":"9","received_at":"x","truncated":true,
                 "payload_sha256":"x","call_id":"x","call":{"call_id":"call_1"}}""");
        assertThat(message.get("schema").asText()).isEqualTo("call-event/1");
        assertThat(message.get("call_id").asText()).isEqualTo("call_1");
        assertThat(message.get("received_at").asText()).isEqualTo("2026-09-24T10:30:00.000Z");
        assertThat(message.get("payload_sha256").asText()).hasSize(64);
        assertThat(names(message)).doesNotContain("request_id", "attempt", "truncated");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"event\":\"chat_ended\",\"chat\":{\"chat_id\":\"chat_1\"}}",
        "{\"event\":\"call_ended\"}",
        "{\"event\":\"call_ended\",\"call\":null}",
        "{\"event\":\"call_ended\",\"call\":[]}",
        "{\"event\":\"call_ended\",\"call\":{}}",
        "{\"event\":\"call_ended\",\"call\":{\"call_id\":7,\"metadata\":null}}",
        "{\"event\":\"call_ended\",\"call\":{\"call_id\":null,\"metadata\":\"text\"}}",
        "{\"event\":\"call_ended\",\"call\":{\"metadata\":{\"request_id\":{\"x\":1},\"attempt\":[1],\"a\":[[{}]]}}}",
        "{\"event\":\"call_ended\",\"call\":{\"metadata\":{\"request_id\":\"\",\"attempt\":true}}}",
        "\uFEFF{\"event\":\"call_ended\"}"
    })
    void takesEventsThatNameNoCallOrRequest(String body) throws IOException {
        JsonNode message = message(body);
        assertThat(message.get("event").asText()).isNotEmpty();
        assertThat(names(message)).doesNotContain("call_id", "request_id", "attempt");
    }

    @Test
    void liftsIdentifiersGivenAsTextOrNumber() throws IOException {
        JsonNode message = message(
                "{\"call\":{\"metadata\":{\"request_id\":42,\"attempt\":\"2\",\"x\":{\"attempt\":3}}},"
                        + "\"event\":\"e\"}");
        assertThat(message.get("request_id")).isEqualTo(MAPPER.valueToTree("42"));
        assertThat(message.get("attempt")).isEqualTo(MAPPER.valueToTree("2"));
    }

    @Test
    void liftsIdentifiersFromTheCallsMetadataOnly() throws IOException {
        JsonNode message = message("""
                {"event":"call_ended","call":{"call_id":"call_1","metadata":{"request_id":"r","attempt":1}},
                 "metadata":{"request_id":"other","attempt":2}}""");
        assertThat(message.get("request_id").asText()).isEqualTo("r");
        assertThat(message.get("attempt").asText()).isEqualTo("1");
        assertThat(message.at("/metadata/request_id").asText()).isEqualTo("other");
    }

    @Test
    void takesTheLastOfSeveralFieldsOfOneName() throws IOException {
        String message = CallEvent.read("""
                {"event":"call_started","call":{"call_id":"call_1","metadata":{"request_id":"r","attempt":1}},"x":1,
                 "event":"call_ended","call":{"call_id":"call_2","call_id":"call_3","call_status":"a","call_status":"b",
                 "metadata":{"attempt":2},"metadata":{"attempt":3}},"x":2}""".getBytes(UTF_8), RECEIVED_AT)
                .orElseThrow().message();
        assertThat(message).contains("\"event\":\"call_ended\",\"call_id\":\"call_3\",\"attempt\":\"3\",")
                .endsWith(",\"x\":2,\"call\":{\"call_id\":\"call_3\",\"call_status\":\"b\","
                        + "\"metadata\":{\"attempt\":3}}}");
        assertThat(message("{\"event\":\"e\",\"call\":null,\"call\":{\"call_id\":\"c\"}}").get("call_id").asText())
                .isEqualTo("c");
        assertThat(message("{\"event\":\"e\",\"call\":{\"call_id\":\"c\"},\"call\":null}").has("call_id")).isFalse();
    }

    @Test
    void fitsTheQueueWithOneFieldRepeatedForMegabytes() throws IOException {
        String repeated = ("\"call_cost\":\"" + "x".repeat(CallEvent.FIELD_LIMIT - 2) + "\",").repeat(300);
        JsonNode message = message(
                "{\"event\":\"call_ended\",\"call\":{" + repeated + "\"call_id\":\"call_1\"}}");
        assertThat(message.get("call_id").asText()).isEqualTo("call_1");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "null", "7", "\"call_ended\"", "{}", "\u001f\u008b",
        "[{\"event\":\"call_ended\"}]",
        "{\"event\":null}", "{\"event\":7}", "{\"event\":\"\"}", "{\"event\":{\"event\":\"call_ended\"}}",
        "{\"event\":\"call_ended\"", "{\"event\":\"call_ended\"} x", "{\"event\":\"call_ended\"}{}",
        "{\"event\":\"call_ended\",\"call\":{\"call_id\":}"
    })
    void refusesWhatIsNotAnEvent(String body) {
        assertThat(CallEvent.read(body.getBytes(UTF_8), RECEIVED_AT)).isEmpty();
    }

    @Test
    void keepsNumbersToTheLastDigit() throws IOException {
        String numbers =
                "{\"a\":0.1000000000000000055511151231257827,\"b\":12345678901234567890123,\"c\":1.50,\"d\":1E+400}";
        String message = CallEvent.read(
                ("{\"event\":\"call_ended\",\"call\":{\"call_cost\":" + numbers + "}}").getBytes(UTF_8), RECEIVED_AT)
                .orElseThrow().message();
        assertThat(message).contains(numbers);
    }

    @Test
    void escapesEveryCharacterThatSqsWouldRefuse() throws IOException {
        String text = "\u0000\u0001\t\n\u001f\u007f é \u2028 \ufffe\uffff 😀";
        String body = MAPPER.writeValueAsString(MAPPER.createObjectNode()
                .put("event", "call_ended")
                .put("\uffff", text)
                .set("call", MAPPER.createObjectNode().put("transcript", text).put("\uffff", 1)));
        String message = CallEvent.read(body.getBytes(UTF_8), RECEIVED_AT).orElseThrow().message();
        assertThat(message).matches("[\\x20-\\x7f]+").contains("\\uFFFF");
        assertThat(MAPPER.readTree(message).at("/call/transcript").asText()).isEqualTo(text);
    }

    @Test
    void keepsALoneSurrogateFromBreakingTheMessage() {
        String message = CallEvent.read(
                "{\"event\":\"call_ended\",\"call\":{\"transcript\":\"\\ud83d\"}}".getBytes(UTF_8), RECEIVED_AT)
                .orElseThrow().message();
        assertThat(message).contains("\"transcript\":\"\\uD83D\"");
    }

    @Test
    void goesWithoutTranscriptWhenTheQueueWouldRefuseIt() throws IOException {
        int most = CallEvent.MESSAGE_LIMIT - emptyTranscriptLength();
        assertThat(withTranscript(most).has("truncated")).isFalse();

        JsonNode message = withTranscript(most + 1);
        assertThat(message.get("truncated").asBoolean()).isTrue();
        assertThat(names(message.get("call"))).containsExactlyInAnyOrder("call_id", "call_analysis");
        assertThat(message.get("call_id").asText()).isEqualTo("call_1");
    }

    @Test
    void goesWithShortKnownFieldsWhenEvenThatIsTooLarge() throws IOException {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            fields.append("\"unknown_").append(i).append("\":").append(i).append(',');
        }
        JsonNode message = message("{" + fields + "\"event\":\"call_analyzed\",\"call\":{" + fields
                + "\"call_id\":\"call_1\",\"duration_ms\":7,"
                + "\"call_analysis\":{\"call_summary\":\"" + "x".repeat(2_000_000) + "\"},"
                + "\"metadata\":{\"request_id\":\"r\",\"attempt\":1,\"x\":\"" + "x".repeat(50_000) + "\"}}}");
        assertThat(message.get("truncated").asBoolean()).isTrue();
        assertThat(names(message.get("call"))).containsExactlyInAnyOrder("call_id", "duration_ms");
        assertThat(message.get("request_id").asText()).isEqualTo("r");
        assertThat(message.get("attempt").asText()).isEqualTo("1");
    }

    private static int emptyTranscriptLength() {
        return CallEvent.read(transcriptBody(0), RECEIVED_AT).orElseThrow().message().length();
    }

    private static JsonNode withTranscript(int length) throws IOException {
        CallEvent event = CallEvent.read(transcriptBody(length), RECEIVED_AT).orElseThrow();
        assertThat(event.message().length()).isLessThanOrEqualTo(CallEvent.MESSAGE_LIMIT);
        return MAPPER.readTree(event.message());
    }

    private static byte[] transcriptBody(int length) {
        return ("{\"event\":\"call_analyzed\",\"call\":{\"call_id\":\"call_1\",\"transcript\":\"" + "x".repeat(length)
                + "\",\"call_analysis\":{\"call_successful\":true}}}").getBytes(UTF_8);
    }

    private static JsonNode message(String body) throws IOException {
        return MAPPER.readTree(CallEvent.read(body.getBytes(UTF_8), RECEIVED_AT).orElseThrow().message());
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
