package dev.voiceai.retell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.voiceai.forwarder.RetellSignature;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class WebhookSignatureTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final byte[] BODY = "{\"name\":\"Zoë\"}".getBytes(StandardCharsets.UTF_8);

    private final WebhookSignature signature = new WebhookSignature(" key_new, key_old ,,", Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void anyOfTheKeysMaySignWhileTheyRotate() {
        assertThat(signature.verify(BODY, RetellSignature.sign(BODY, "key_new", NOW))).isTrue();
        assertThat(signature.verify(BODY, RetellSignature.sign(BODY, "key_old", NOW))).isTrue();
        assertThat(signature.verify(BODY, RetellSignature.sign(BODY, "key_other", NOW))).isFalse();
    }

    @Test
    void aSignatureIsGoodForFiveMinutes() {
        assertThat(signature.verify(BODY, RetellSignature.sign(BODY, "key_new", NOW.minusSeconds(300)))).isTrue();
        assertThat(signature.verify(BODY, RetellSignature.sign(BODY, "key_new", NOW.minusSeconds(301)))).isFalse();
        assertThat(signature.verify(BODY, RetellSignature.sign(BODY, "key_new", NOW.plusSeconds(301)))).isFalse();
    }

    @Test
    void anotherBodyOrNoHeaderIsNotSigned() {
        var header = RetellSignature.sign(BODY, "key_new", NOW);

        assertThat(signature.verify("{\"name\":\"Zoe\"}".getBytes(StandardCharsets.UTF_8), header)).isFalse();
        assertThat(signature.verify(BODY, null)).isFalse();
        assertThat(signature.verify(BODY, "")).isFalse();
    }

    @Test
    void withoutAKeyNothingIsSigned() {
        var keyless = new WebhookSignature("", Clock.fixed(NOW, ZoneOffset.UTC));

        assertThat(keyless.verify(BODY, RetellSignature.sign(BODY, "key_new", NOW))).isFalse();
    }
}
