package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Somebody else's SQS, Retell, collector and ledger in place of the embedded ones, named as application.yaml says. */
class ForeignServersTest {
    private static final String SUCCESS = "+12065550100";

    private final ForeignSqs sqs = new ForeignSqs();
    private final ForeignRetell retell = new ForeignRetell();
    private final ForeignAbt abt = new ForeignAbt();

    @AfterEach
    void stop() {
        sqs.close();
        retell.close();
        abt.close();
    }

    @Test
    void callsTravelThroughAForeignSqs() {
        try (var system = RunningSystem.start(sqs.settings())) {
            var requestId = completeCallOfTheSandbox(system);

            assertThat(system.eventTypes(requestId)).containsExactly("initiated", "started", "completed");
            assertThat(sqs.queues())
                    .contains("call-requests", "call-requests-dlq", "call-events", "call-events-dlq");
        }
    }

    @Test
    void aForeignRetellIsDialedOnceAndItsWebhooksAreHeard() {
        try (var system = RunningSystem.start(retell.settings())) {
            var requestId = completeCallOfForeignRetell(system);

            assertThat(system.eventTypes(requestId)).containsExactly("initiated", "started", "completed");
        }
    }

    @Test
    void aForeignCollectorGetsCloudEventsInOrder() {
        try (var system = RunningSystem.start(Map.of("ABT_URL", abt.url()))) {
            var requestId = completeCallOfTheSandbox(system);

            assertThat(abt.eventTypes(requestId)).containsExactly("initiated", "started", "completed");
            assertThat(abt.requests()).allSatisfy(request -> {
                assertThat(request.method()).isEqualTo("POST");
                assertThat(request.path()).isEqualTo("/events");
                assertThat(request.contentType()).isEqualTo("application/cloudevents+json");
            });
            assertThat(abt.events(requestId)).allSatisfy(event -> {
                assertThat(event.get("specversion").asText()).isEqualTo("1.0");
                assertThat(event.toString()).doesNotContain(SUCCESS, "Agent:");
            });
            assertThat(abt.events(requestId)).extracting(event -> event.at("/data/event_name").asText())
                    .containsExactly("Voice call initiated", "Call started", "Call completed");
            assertThat(abt.events(requestId)).extracting(event -> event.get("source").asText())
                    .containsExactly(
                            "/voice-ai/call-processor", "/voice-ai/webhook-processor", "/voice-ai/webhook-processor");
        }
    }

    @Test
    void aForeignCollectorThatFailsFirstGetsEveryEventOnceAndInOrder() {
        var failures = new AtomicInteger(2);
        abt.acceptOnly(event -> failures.getAndDecrement() <= 0);
        try (var system = RunningSystem.start(Map.of("ABT_URL", abt.url()))) {
            var requestId = completeCallOfTheSandbox(system);

            assertThat(abt.eventTypes(requestId)).containsExactly("initiated", "started", "completed");
            assertThat(abt.events(requestId)).extracting(event -> event.get("id").asText()).doesNotHaveDuplicates();
            assertThat(abt.requests()).hasSize(5);
        }
    }

    @Test
    void theLedgerIsOnAForeignPostgres() {
        try (var system = RunningSystem.start(Postgres.newLedger())) {
            var requestId = completeCallOfTheSandbox(system);

            assertThat(system.eventTypes(requestId)).containsExactly("initiated", "started", "completed");
            assertThat(system.ledger().sql("SELECT version()").query(String.class).single()).startsWith("PostgreSQL");
        }
    }

    @Test
    void everythingIsForeign() {
        var settings = new HashMap<>(sqs.settings());
        settings.putAll(retell.settings());
        settings.put("ABT_URL", abt.url());
        settings.putAll(Postgres.newLedger());
        try (var system = RunningSystem.start(settings)) {
            var requestId = completeCallOfForeignRetell(system);

            assertThat(abt.eventTypes(requestId)).containsExactly("initiated", "started", "completed");
        }
    }

    private static String completeCallOfTheSandbox(RunningSystem system) {
        var requestId = system.requestCall(SUCCESS);
        assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
        assertThat(system.dials(requestId)).hasSize(1);
        system.awaitEmptyOutbox(requestId);
        return requestId;
    }

    private String completeCallOfForeignRetell(RunningSystem system) {
        var requestId = system.requestCall(SUCCESS);
        await().atMost(RunningSystem.PATIENCE).until(() -> retell.hasPlaced(requestId));
        for (String event : ForeignRetell.EVENTS) {
            assertThat(system.postAsRetell("/webhooks/retell", retell.webhook(event, requestId)).statusCode())
                    .isEqualTo(204);
        }
        var call = system.awaitFinal(requestId);
        assertThat(call.get("outcome").asText()).isEqualTo("completed");
        assertThat(call.at("/attempts/0/call_id").asText()).isEqualTo(retell.callId(requestId));
        assertThat(retell.dials(requestId)).isEqualTo(1);
        system.awaitEmptyOutbox(requestId);
        return requestId;
    }
}
