package dev.voiceai.forwarder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetellSignatureTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_790_000_000_000L);
    private static final byte[] BODY = "{\"event\":\"call_ended\"}".getBytes(UTF_8);
    private static final String KEY = "key_current";
    private static final String OLD_KEY = "key_old";

    /** Made and judged by Retell's own SDK. */
    static Stream<Arguments> vectors() throws IOException {
        JsonNode vectors = new ObjectMapper().readTree(new File("src/test/resources/signature-vectors.json"));
        return StreamSupport.stream(vectors.spliterator(), false).map(it -> Arguments.of(it.get("name").asText(), it));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void judgesEveryVectorAsRetellsSdkDoes(String name, JsonNode vector) {
        assertThat(RetellSignature.verify(
                        vector.get("body").asText().getBytes(UTF_8),
                        vector.get("signature").asText(),
                        List.of(vector.get("api_key").asText()),
                        Instant.ofEpochMilli(vector.get("valid_at_ms").asLong())))
                .isEqualTo(vector.get("valid").asBoolean());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void signsAsRetellsSdkDoes(String name, JsonNode vector) {
        if (name.startsWith("valid_") && !name.contains("uppercase") && !name.contains("leading_zero")) {
            assertThat(RetellSignature.sign(
                            vector.get("body").asText().getBytes(UTF_8),
                            vector.get("api_key").asText(),
                            Instant.ofEpochMilli(vector.get("valid_at_ms").asLong())))
                    .isEqualTo(vector.get("signature").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-300_000, -1, 0, 1, 300_000})
    void acceptsTheWindowWithItsEdges(long offsetMs) {
        assertThat(verify(RetellSignature.sign(BODY, KEY, NOW.plusMillis(offsetMs)), KEY)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {-300_001, 300_001, -86_400_000, 86_400_000})
    void refusesOneMillisecondOutsideTheWindow(long offsetMs) {
        assertThat(verify(RetellSignature.sign(BODY, KEY, NOW.plusMillis(offsetMs)), KEY)).isFalse();
    }

    @Test
    void acceptsAnyOfTheKeysWhileTheyRotate() {
        assertThat(verify(RetellSignature.sign(BODY, OLD_KEY, NOW), KEY, OLD_KEY)).isTrue();
        assertThat(verify(RetellSignature.sign(BODY, KEY, NOW), KEY, OLD_KEY)).isTrue();
        assertThat(verify(RetellSignature.sign(BODY, "key_other", NOW), KEY, OLD_KEY)).isFalse();
    }

    @Test
    void passesOverBlankKeysAndRefusesWithoutAny() {
        String signature = RetellSignature.sign(BODY, KEY, NOW);
        assertThat(verify(signature, "", KEY)).isTrue();
        assertThat(verify(signature, "", " ")).isFalse();
        assertThat(verify(signature)).isFalse();
    }

    @Test
    void refusesEverySingleFlippedBitOfTheBody() {
        String signature = RetellSignature.sign(BODY, KEY, NOW);
        for (int bit = 0; bit < BODY.length * 8; bit++) {
            byte[] changed = BODY.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(RetellSignature.verify(changed, signature, List.of(KEY), NOW)).as("bit %d", bit).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s\n", "%s\r\n", "\n%s", "%s,%<s", "%s;%<s", "x%s", "%s\0"})
    void refusesAnythingAroundTheSignature(String around) {
        assertThat(verify(around.formatted(RetellSignature.sign(BODY, KEY, NOW)), KEY)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9007199254740992", "9999999999999999", "99999999999999999999999999"})
    void refusesTimesThatJavaScriptCannotHold(String time) {
        assertThat(verify("v=" + time + ",d=" + "0".repeat(64), KEY)).isFalse();
    }

    @Test
    void refusesAMissingHeader() {
        assertThat(verify(null, KEY)).isFalse();
    }

    @Test
    void ignoresCaseInLabelsAndHexAsRetellsSdkDoes() {
        assertThat(verify(RetellSignature.sign(BODY, KEY, NOW).toUpperCase(), KEY)).isTrue();
    }

    @Test
    void refusesDigitsOfOtherScripts() {
        String signature = RetellSignature.sign(BODY, KEY, NOW).replace("v=1", "v=\u0661");
        assertThat(verify(signature, KEY)).isFalse();
    }

    private static boolean verify(String header, String... keys) {
        return RetellSignature.verify(BODY, header, List.of(keys), NOW);
    }
}
