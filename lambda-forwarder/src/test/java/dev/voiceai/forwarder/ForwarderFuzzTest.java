package dev.voiceai.forwarder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * Whatever comes: no failure, nothing sent on a refusal, and exactly one well-formed message on a 204. A failure prints
 * the seed that repeats it.
 */
class ForwarderFuzzTest {
    private static final Instant NOW = Instant.parse("2026-09-24T10:30:00Z");
    private static final String KEY = "key_current";
    private static final String OLD_KEY = "key_old";
    private static final byte[] SHORT_BODY = "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"c\"}}".getBytes(UTF_8);
    /** Of two fields of one name it takes the last, as the forwarder does. */
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final List<String> KNOWN_NAMES = List.of(
            "event", "call", "call_id", "metadata", "request_id", "attempt", "schema", "truncated", "transcript",
            "transcript_object", "received_at", "call_analysis");
    private static final List<String> NUMBERS_AND_WORDS =
            List.of("null", "true", "false", "0", "-0", "1e400", "1E-400", "-1.50", "9".repeat(400));
    private static final List<String> TEXTS = List.of(
            "call_ended", "call_analyzed", "c", "", " ", "\u0000", "\ud83d", "\ufeff", "\uffff", "😀");

    private static FakeSqs sqs;
    private static Lambda lambda;

    @BeforeContainer
    static void start() throws IOException {
        sqs = new FakeSqs();
        lambda = new Lambda(new ForwarderHandler(
                () -> List.of(KEY, OLD_KEY),
                new QueueSender(sqs::settings, Clock.systemUTC()),
                Clock.fixed(NOW, ZoneOffset.UTC)));
    }

    @AfterContainer
    static void stop() {
        sqs.close();
    }

    @BeforeTry
    void forget() {
        sqs.sent.clear();
        sqs.tried.clear();
        lambda.log.clear();
    }

    @Property(tries = 1000)
    void refusesEveryOtherHeader(@ForAll String header) throws IOException {
        assertRefused(lambda.invoke(Lambda.post(SHORT_BODY, Map.of(RetellSignature.HEADER, header))));
    }

    @Property(tries = 1000)
    void refusesWhatOnlyLooksLikeASignature(@ForAll("lookalikes") String header) throws IOException {
        assertRefused(lambda.invoke(Lambda.post(SHORT_BODY, Map.of(RetellSignature.HEADER, header))));
    }

    @Property(tries = 1000)
    void judgesAChangedSignatureAsRetellDescribesIt(
            @ForAll("changedSignatures") String header, @ForAll boolean base64) throws IOException {
        Map<String, String> headers = Map.of(RetellSignature.HEADER, header);
        JsonNode answer = lambda.invoke(
                base64 ? Lambda.postBase64(SHORT_BODY, headers) : Lambda.post(SHORT_BODY, headers));
        if (signs(header, SHORT_BODY)) {
            assertForwarded(answer, SHORT_BODY);
        } else {
            assertRefused(answer);
        }
    }

    @Property(tries = 500)
    void refusesAnyBytesThatAreNotSigned(@ForAll byte[] body) throws IOException {
        String signature = RetellSignature.sign(SHORT_BODY, KEY, NOW);
        assertRefused(lambda.invoke(Lambda.postBase64(body, Map.of(RetellSignature.HEADER, signature))));
    }

    @Property(tries = 500)
    void answersAnySignedBytes(@ForAll byte[] body) throws IOException {
        assertAnswered(body);
    }

    @Property(tries = 500)
    void answersAnySignedText(@ForAll String body) throws IOException {
        assertAnswered(body.getBytes(UTF_8));
    }

    @Property(tries = 500)
    void answersAnyJson(@ForAll("json") String body) throws IOException {
        assertAnswered(body.getBytes(UTF_8));
    }

    @Property(tries = 500)
    void forwardsAnyEventWithAnythingInIt(
            @ForAll("jsonText") String event,
            @ForAll("fields") String beside,
            @ForAll("fields") String inCall,
            @ForAll("fields") String metadata) throws IOException {
        byte[] body = ("{" + beside + "\"event\":" + event + ",\"call\":{" + inCall + "\"metadata\":{" + metadata
                + "\"attempt\":1}}}").getBytes(UTF_8);
        assertAnswered(body);
    }

    @Property(tries = 500)
    void answersAChangedSample(@ForAll("changedSamples") byte[] body) throws IOException {
        assertAnswered(body);
    }

    @Property(tries = 500)
    void answersAChangedInvocation(@ForAll("changedInvocations") byte[] event) throws IOException {
        JsonNode answer = lambda.invoke(event);
        assertThat(answer.get("statusCode").asInt()).isIn(204, 400, 401, 405, 413);
        if (answer.get("statusCode").asInt() == 204) {
            // Only the bytes that were signed can come through.
            assertForwarded(answer, SHORT_BODY);
        } else {
            assertThat(sqs.tried).isEmpty();
        }
    }

    @Property(tries = 200)
    void refusesABodyWhoseBase64FlagIsWrong(@ForAll("changedSamples") byte[] body, @ForAll boolean base64)
            throws IOException {
        // No bytes are the same either way.
        Assume.that(body.length > 0);
        Map<String, String> headers = Map.of(RetellSignature.HEADER, RetellSignature.sign(body, KEY, NOW));
        ObjectNode event = base64 ? Lambda.postBase64(body, headers) : Lambda.post(body, headers);
        assertRefused(lambda.invoke(event.put("isBase64Encoded", !base64)));
    }

    @Property(tries = 60)
    void answersDeepJson(@ForAll @IntRange(min = 1, max = 3000) int depth, @ForAll("nests") String[] nest)
            throws IOException {
        String deep = nest[0].repeat(depth) + "1" + nest[1].repeat(depth);
        assertAnswered(deep.getBytes(UTF_8));
        forget();
        assertAnswered(("{\"event\":\"call_ended\",\"call\":{\"call_id\":\"c\",\"x\":" + deep + "}}").getBytes(UTF_8));
    }

    @Property(tries = 15)
    void alwaysFitsTheQueue(
            @ForAll("largeFields") List<String> beside, @ForAll("largeFields") List<String> inCall)
            throws IOException {
        byte[] body = ("{\"event\":\"call_analyzed\"," + String.join("", beside) + "\"call\":{"
                + String.join("", inCall) + "\"call_id\":\"call_1\"}}").getBytes(UTF_8);
        if (body.length <= ForwarderHandler.BODY_LIMIT) {
            assertForwarded(invokeSigned(body), body);
        }
    }

    @Provide
    Arbitrary<String> lookalikes() {
        Arbitrary<String> time = Arbitraries.oneOf(
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.longs().between(-300_000, 300_000).map(off -> "" + (NOW.toEpochMilli() + off)),
                Arbitraries.strings().numeric().ofMaxLength(40),
                Arbitraries.strings().ofMaxLength(20));
        Arbitrary<String> digest = Arbitraries.oneOf(
                Arbitraries.strings().withChars("0123456789abcdefABCDEF").ofLength(64),
                Arbitraries.strings().withChars("0123456789abcdef").ofMaxLength(130),
                Arbitraries.strings().ofMaxLength(70));
        Arbitrary<String> form = Arbitraries.of("v=%s,d=%s", "V=%s,D=%s", "v=%s, d=%s", "d=%2$s,v=%1$s", "%s.%s",
                "t=%s,v1=%s", "sha256=%2$s", "v=%s;d=%s", "v=%s,d=%s,v=%1$s,d=%2$s");
        return Combinators.combine(form, time, digest).as((f, t, d) -> f.formatted(t, d));
    }

    @Provide
    Arbitrary<String> changedSignatures() {
        Arbitrary<String> signatures = Combinators.combine(
                        Arbitraries.longs().between(-300_002, 300_002), Arbitraries.of(KEY, OLD_KEY, "key_other"))
                .as((offset, key) -> RetellSignature.sign(SHORT_BODY, key, NOW.plusMillis(offset)));
        Arbitrary<List<Integer>> where = Arbitraries.integers().between(0, 1000).list().ofMaxSize(3);
        Arbitrary<Character> with = Arbitraries.oneOf(
                Arbitraries.chars(),
                Arbitraries.chars().with("0123456789abcdefABCDEFvd=, \n\r\t\0;"));
        return Combinators.combine(signatures, where, with, Arbitraries.integers().between(0, 4)).as(
                (signature, places, letter, how) -> {
                    StringBuilder header = new StringBuilder(signature);
                    for (int place : places) {
                        int at = place % header.length();
                        switch (how) {
                            case 0 -> header.setCharAt(at, letter);
                            case 1 -> header.insert(at, letter);
                            case 2 -> header.deleteCharAt(at);
                            case 3 -> header.setCharAt(at, Character.toUpperCase(header.charAt(at)));
                            // The signer left them out, so the verifier does.
                            default -> header.insert(2, '0');
                        }
                    }
                    return header.toString();
                });
    }

    // Plain recursion over the property's own source of chance: jqwik's recursive arbitraries take ten times as long.

    @Provide
    Arbitrary<String> json() {
        return Arbitraries.randomValue(random -> json(random, 4));
    }

    /** As many fields as there are, each with its comma behind it. */
    @Provide
    Arbitrary<String> fields() {
        return Arbitraries.randomValue(random -> fields(random, 3));
    }

    @Provide
    Arbitrary<String> jsonText() {
        return Arbitraries.randomValue(ForwarderFuzzTest::jsonText);
    }

    private static String json(Random random, int depth) {
        int kind = random.nextInt(depth == 0 ? 3 : 6);
        return switch (kind) {
            case 0 -> jsonText(random);
            case 1 -> NUMBERS_AND_WORDS.get(random.nextInt(NUMBERS_AND_WORDS.size()));
            case 2 -> new BigDecimal(new BigInteger(random.nextInt(200), random), random.nextInt(600) - 300).toString();
            case 3 -> "[" + Stream.generate(() -> json(random, depth - 1)).limit(random.nextInt(5))
                    .collect(Collectors.joining(",")) + "]";
            default -> "{" + fields(random, depth - 1) + "\"event\":\"call_ended\"}";
        };
    }

    private static String fields(Random random, int depth) {
        StringBuilder fields = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            String name = random.nextBoolean()
                    ? jsonText(random)
                    : "\"" + KNOWN_NAMES.get(random.nextInt(KNOWN_NAMES.size())) + "\"";
            fields.append(name).append(':').append(json(random, depth)).append(',');
        }
        return fields.toString();
    }

    private static String jsonText(Random random) {
        String text = switch (random.nextInt(4)) {
            case 0 -> TEXTS.get(random.nextInt(TEXTS.size()));
            case 1 -> "n".repeat(195 + random.nextInt(10));
            case 2 -> random.ints(random.nextInt(30), 0, 0x10000)
                    .mapToObj(letter -> String.valueOf((char) letter)).collect(Collectors.joining());
            default -> random.ints(random.nextInt(30), ' ', 0x80)
                    .mapToObj(letter -> String.valueOf((char) letter)).collect(Collectors.joining());
        };
        try {
            return MAPPER.writeValueAsString(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Provide
    Arbitrary<byte[]> changedSamples() {
        return Combinators.combine(
                        Arbitraries.of(Samples.names()).map(Samples::read),
                        changes())
                .as(ForwarderFuzzTest::changed);
    }

    @Provide
    Arbitrary<byte[]> changedInvocations() throws IOException {
        byte[] event = Lambda.MAPPER.writeValueAsBytes(Lambda.post(
                SHORT_BODY, Map.of(RetellSignature.HEADER, RetellSignature.sign(SHORT_BODY, KEY, NOW))));
        byte[] base64 = Lambda.MAPPER.writeValueAsBytes(Lambda.postBase64(
                SHORT_BODY, Map.of(RetellSignature.HEADER, RetellSignature.sign(SHORT_BODY, KEY, NOW))));
        return Combinators.combine(Arbitraries.of(event, base64), changes()).as(ForwarderFuzzTest::changed);
    }

    /** Triples of a place, a kind of change and a byte. */
    private static Arbitrary<List<int[]>> changes() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 100_000),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(0, 255),
                                Arbitraries.of("\"{}[],:\\0\u001f".chars().boxed().toList())))
                .as((place, kind, letter) -> new int[] {place, kind, letter})
                .list().ofMinSize(1).ofMaxSize(4);
    }

    private static byte[] changed(byte[] original, List<int[]> changes) {
        byte[] bytes = original;
        for (int[] change : changes) {
            int at = bytes.length == 0 ? 0 : change[0] % bytes.length;
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, at);
            int after = Math.min(at + 1, bytes.length);
            switch (change[1]) {
                case 0 -> out.write(change[2]);
                case 1 -> {
                    out.write(change[2]);
                    after = at;
                }
                case 2 -> after = Math.min(at + change[2], bytes.length);
                case 3 -> after = Math.max(0, at - change[2]);
                case 4 -> after = bytes.length;
                default -> out.write(bytes, at, after - at);
            }
            out.write(bytes, after, bytes.length - after);
            bytes = out.toByteArray();
        }
        return bytes;
    }

    @Provide
    Arbitrary<String[]> nests() {
        return Arbitraries.of(new String[][] {
            {"[", "]"}, {"{\"a\":", "}"}, {"{\"call\":", "}"}, {"{\"metadata\":", "}"}, {"[{\"event\":", "}]"},
            {"[", ""}
        });
    }

    @Provide
    Arbitrary<List<String>> largeFields() {
        Arbitrary<String> name = Arbitraries.of(
                "transcript", "call_analysis", "metadata", "recording_url", "agent_name", "unknown",
                "transcript_object", "call_cost", "collected_dynamic_variables");
        Arbitrary<String> piece = Arbitraries.of("x", "\\u0000", "é", "😀", "\\\"", "\\\\");
        Arbitrary<Integer> length = Arbitraries.oneOf(
                Arbitraries.integers().between(1, 300_000),
                Arbitraries.integers().between(CallEvent.FIELD_LIMIT - 4, CallEvent.FIELD_LIMIT + 4));
        Arbitrary<Boolean> inside = Arbitraries.of(true, false);
        return Combinators.combine(name, piece, length, inside).as((n, p, l, object) -> {
            String text = "\"" + p.repeat(l) + "\"";
            return "\"" + n + "\":" + (object ? "{\"request_id\":" + text + "}" : text) + ",";
        }).list().ofMaxSize(6);
    }

    private JsonNode invokeSigned(byte[] body) throws IOException {
        return lambda.invoke(
                Lambda.postBase64(body, Map.of(RetellSignature.HEADER, RetellSignature.sign(body, KEY, NOW))));
    }

    private void assertAnswered(byte[] body) throws IOException {
        JsonNode answer = invokeSigned(body);
        JsonNode original = object(body);
        if (original != null && named(original.get("event"))) {
            assertForwarded(answer, body);
        } else {
            assertThat(answer.get("statusCode").asInt()).isEqualTo(400);
            assertThat(sqs.tried).isEmpty();
        }
    }

    private static void assertRefused(JsonNode answer) {
        assertThat(answer.get("statusCode").asInt()).isEqualTo(401);
        assertThat(answer.get("body").asText()).isEqualTo(
                "{\"type\":\"/problems/unauthorized\",\"title\":\"Unauthorized\",\"status\":401,"
                        + "\"detail\":\"The request has no valid signature.\"}");
        assertThat(sqs.tried).isEmpty();
        assertThat(lambda.log).containsExactly("refused: no valid signature");
    }

    private static void assertForwarded(JsonNode answer, byte[] body) throws IOException {
        assertThat(answer.toString()).isEqualTo("{\"statusCode\":204}");
        assertThat(sqs.tried).hasSize(1);
        assertThat(sqs.sent).hasSize(1);
        String text = sqs.sent.get(0).get("MessageBody").asText();
        assertThat(text.length()).isLessThanOrEqualTo(CallEvent.MESSAGE_LIMIT);
        assertThat(text).matches("[\\x20-\\x7f]*");
        assertNoFieldTwice(text);
        JsonNode message = MAPPER.readTree(text);
        JsonNode original = object(body);
        JsonNode call = original.path("call");
        assertThat(message.get("schema").asText()).isEqualTo("call-event/1");
        assertThat(message.get("event")).isEqualTo(original.get("event"));
        assertThat(message.get("call_id")).isEqualTo(named(call.get("call_id")) ? call.get("call_id") : null);
        JsonNode metadata = call.path("metadata");
        assertLifted(message.get("request_id"), metadata.get("request_id"));
        assertLifted(message.get("attempt"), metadata.get("attempt"));
        assertThat(message.get("payload_sha256").asText()).isEqualTo(sha256(body));
        assertThat(lambda.log).singleElement().asString().startsWith("queued: event=");
    }

    private static void assertLifted(JsonNode lifted, JsonNode original) {
        if (original != null && original.isNumber() && lifted != null) {
            // Digits that differ from those of a number are still the same number.
            assertThat(new BigDecimal(lifted.textValue())).isEqualByComparingTo(original.decimalValue());
        } else {
            assertThat(lifted).isEqualTo(named(original) ? original : null);
        }
    }

    private static boolean named(JsonNode value) {
        return value != null && value.isTextual() && !value.asText().isBlank() && value.asText().length() <= 200;
    }

    /** The body as a JSON object, or null. */
    private static JsonNode object(byte[] body) {
        try {
            JsonNode tree = MAPPER.readTree(body);
            return tree != null && tree.isObject() ? tree : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** A second reading of Retell's rules, written for the test. */
    private static boolean signs(String header, byte[] body) {
        String[] parts = header.split(",", -1);
        if (parts.length != 2 || !parts[0].matches("[vV]=[0-9]+") || !parts[1].matches("[dD]=[0-9a-fA-F]{64}")) {
            return false;
        }
        BigInteger time = new BigInteger(parts[0].substring(2));
        if (time.subtract(BigInteger.valueOf(NOW.toEpochMilli())).abs().compareTo(BigInteger.valueOf(300_000)) > 0) {
            return false;
        }
        List<String> valid = new ArrayList<>();
        for (String key : List.of(KEY, OLD_KEY)) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
                mac.update(body);
                mac.update(time.toString().getBytes(StandardCharsets.US_ASCII));
                valid.add(HexFormat.of().formatHex(mac.doFinal()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        return valid.contains(parts[1].substring(2).toLowerCase(Locale.ROOT));
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertNoFieldTwice(String message) throws IOException {
        List<String> names = new ArrayList<>();
        try (JsonParser json = MAPPER.getFactory().createParser(message)) {
            json.nextToken();
            for (String in = ""; json.nextToken() != null; ) {
                if (json.currentToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    names.add(in + name);
                    if (json.nextToken() == JsonToken.START_OBJECT && in.isEmpty() && name.equals("call")) {
                        in = "call.";
                    } else {
                        json.skipChildren();
                    }
                } else {
                    in = "";
                }
            }
        }
        assertThat(names).doesNotHaveDuplicates();
    }
}
