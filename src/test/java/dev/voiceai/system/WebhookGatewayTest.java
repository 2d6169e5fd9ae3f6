package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.forwarder.RetellSignature;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Retell's webhooks through POST /webhooks/retell and the Lambda forwarder into SQS #2. */
class WebhookGatewayTest {
    private static final String PATH = "/webhooks/retell";

    private final String callId = "call_" + UUID.randomUUID().toString().replace("-", "");
    private final String body = ForeignRetell.webhook("call_started", ForeignRetell.strangeCall(callId));

    @Test
    void aSignedWebhookIsAnswered204AndHeard() {
        var system = RunningSystem.shared();

        var answer = system.postAsRetell(PATH, body);

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        awaitEvent(system, callId);
    }

    @Test
    void theSignatureIsOverTheRawBytes() {
        var system = RunningSystem.shared();
        var spaced = body.replace("\":", "\" :  ").replace("{", "{\n\t") + "\n";

        assertThat(system.postAsRetell(PATH, spaced).statusCode()).isEqualTo(204);
        awaitEvent(system, callId);
    }

    @Test
    void aWrongSignatureIs401AndNothingIsEnqueued() {
        var system = RunningSystem.shared();
        var raw = body.getBytes(StandardCharsets.UTF_8);
        var key = system.setting("retell.webhook-keys");

        assertThat(status(system, body, RetellSignature.sign(raw, "another_key", Instant.now()))).isEqualTo(401);
        assertThat(status(system, body + " ", RetellSignature.sign(raw, key, Instant.now()))).isEqualTo(401);
        assertThat(status(system, body, RetellSignature.sign(raw, key, Instant.now().minus(Duration.ofMinutes(6)))))
                .isEqualTo(401);
        assertThat(status(system, body, "v=1,d=zz")).isEqualTo(401);
        assertThat(system.post(PATH, null, body).statusCode()).isEqualTo(401);

        // One that is good, sent after the bad ones, is processed; had they been enqueued, they would be there too.
        var other = callId + "_good";
        system.postAsRetell(PATH, ForeignRetell.webhook("call_started", ForeignRetell.strangeCall(other)));
        awaitEvent(system, other);
        try (var sqs = ForeignSqs.client(system.setting("sqs.endpoint"))) {
            await().atMost(RunningSystem.PATIENCE).until(() -> ForeignSqs.messages(sqs, "call-events") == 0);
        }
        assertThat(countEvents(system, callId)).isZero();
    }

    @Test
    void aRefusalDoesNotEchoWhatWasSent() {
        var canaries = Map.of("X-Canary", "canary", "Authorization", "canary");
        var answer = RunningSystem.shared().post(PATH, null, body, canaries);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).doesNotContain(callId);
        assertThat(answer.headers().map().toString()).doesNotContain("canary");
    }

    @Test
    void withoutSqsRetellIsToldToTryAgainAndTheSecondTryIsHeard() {
        try (var sqs = new ForeignSqs();
                var system = RunningSystem.start(sqs.settings())) {
            assertThat(system.postAsRetell(PATH, body).statusCode()).isEqualTo(204);
            awaitEvent(system, callId);
            sqs.stop();
            var second = ForeignRetell.webhook("call_ended", ForeignRetell.strangeCall(callId));

            assertThat(system.postAsRetell(PATH, second).statusCode()).isBetween(500, 599);

            sqs.startAgain();
            await().atMost(RunningSystem.PATIENCE)
                    .until(() -> system.postAsRetell(PATH, second).statusCode() == 204);
            await().atMost(RunningSystem.PATIENCE).until(() -> countEvents(system, callId) == 2);
        }
    }

    private static int status(RunningSystem system, String body, String signature) {
        return system.post(PATH, null, body, Map.of(RetellSignature.HEADER, signature)).statusCode();
    }

    private static void awaitEvent(RunningSystem system, String callId) {
        await().atMost(RunningSystem.PATIENCE).until(() -> countEvents(system, callId) == 1);
    }

    private static long countEvents(RunningSystem system, String callId) {
        return system.ledger().sql("SELECT COUNT(*) FROM call_event WHERE call_id = ?").param(callId)
                .query(Long.class).single();
    }
}
