package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Messages and webhooks that come more than once, in any order, change nothing. */
@Tag("sqs")
class DuplicatesTest {
    private static final int CALLS = 5;
    private static final int COPIES = 3;

    private static ForeignSqs sqs;
    private static ForeignRetell retell;
    private static RunningSystem system;

    @BeforeAll
    static void start() {
        sqs = new ForeignSqs();
        retell = new ForeignRetell();
        var settings = new HashMap<>(sqs.settings());
        settings.putAll(retell.settings());
        system = RunningSystem.start(settings);
    }

    @AfterAll
    static void stop() {
        system.close();
        retell.close();
        sqs.close();
    }

    @Test
    void everyMessageOfTheFirstQueueThreeTimesRingsEachPhoneOnce() {
        try (var client = ForeignSqs.client(sqs.url())) {
            var url = client.getQueueUrl(request -> request.queueName("call-requests")).queueUrl();
            var requests = new ArrayList<String>();
            for (int i = 0; i < CALLS; i++) {
                var requestId = system.requestCall("+1206555015" + i);
                requests.add(requestId);
                for (int copy = 1; copy < COPIES; copy++) {
                    client.sendMessage(message -> message.queueUrl(url).messageBody(
                            "{\"schema\":\"call-request/1\",\"request_id\":\"" + requestId + "\",\"attempt\":1}"));
                }
            }

            for (String requestId : requests) {
                awaitPlaced(requestId);
            }
            awaitWorkDone(client, "call-requests");
            for (String requestId : requests) {
                assertThat(retell.dials(requestId)).isEqualTo(1);
                assertThat(system.call(requestId).get("attempts")).hasSize(1);
            }
        }
    }

    @Test
    void everyWebhookThreeTimesAndShuffledTellsTheSameStory() {
        var requests = new ArrayList<String>();
        var webhooks = new ArrayList<String>();
        for (int i = 0; i < CALLS; i++) {
            var requestId = system.requestCall("+1206555016" + i);
            requests.add(requestId);
            awaitPlaced(requestId);
            for (String event : ForeignRetell.EVENTS) {
                webhooks.addAll(Collections.nCopies(COPIES, retell.webhook(event, requestId)));
            }
        }
        Collections.shuffle(webhooks, new Random(7));

        assertThat(webhooks.parallelStream().map(webhook -> system.postAsRetell("/webhooks/retell", webhook))
                        .map(HttpResponse::statusCode).distinct()).containsExactly(204);

        try (var client = ForeignSqs.client(sqs.url())) {
            for (String requestId : requests) {
                assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
            }
            awaitWorkDone(client, "call-events");
        }
        for (String requestId : requests) {
            system.awaitEmptyOutbox(requestId);
            var call = system.call(requestId);
            assertThat(call.at("/attempts/0/state").asText()).isEqualTo("analyzed");
            assertThat(system.eventTypes(requestId)).containsExactly("initiated", "started", "completed");
            assertThat(timeline(call, "event")).extracting(entry -> entry.get("state").asText())
                    .containsExactlyInAnyOrderElementsOf(ForeignRetell.EVENTS);
            assertThat(system.warehouse().sql("SELECT COUNT(*) FROM call_events WHERE request_id = ?").param(requestId)
                    .query(Long.class).single()).isEqualTo(3);
            assertThat(retell.dials(requestId)).isEqualTo(1);
        }
    }

    @Test
    void aSecondCallOfOneAttemptIsKeptAsAnAlarm() {
        var requestId = system.requestCall("+12065550170");
        awaitPlaced(requestId);
        system.awaitState(requestId, "calling");
        await().atMost(RunningSystem.PATIENCE).until(() -> system.call(requestId).at("/attempts/0").has("call_id"));
        var second = RunningSystem.json(retell.webhook("call_started", requestId)).get("call").<ObjectNode>deepCopy()
                .put("call_id", "call_that_should_not_be");

        system.postAsRetell("/webhooks/retell", ForeignRetell.webhook("call_started", second));
        await().atMost(RunningSystem.PATIENCE).until(() -> !timeline(system.call(requestId), "alarm").isEmpty());
        for (String event : ForeignRetell.EVENTS) {
            system.postAsRetell("/webhooks/retell", retell.webhook(event, requestId));
        }

        var call = system.awaitFinal(requestId);
        assertThat(call.at("/attempts/0/call_id").asText()).isEqualTo(retell.callId(requestId));
        assertThat(timeline(call, "alarm")).singleElement().satisfies(alarm -> {
            assertThat(alarm.get("state").asText()).isEqualTo("double_dial");
            assertThat(alarm.get("call_id").asText()).isEqualTo("call_that_should_not_be");
        });
        system.awaitEmptyOutbox(requestId);
        assertThat(system.eventTypes(requestId)).containsExactly("initiated", "started", "completed");
        assertThat(retell.dials(requestId)).isEqualTo(1);
    }

    private static void awaitPlaced(String requestId) {
        await().atMost(RunningSystem.PATIENCE).until(() -> retell.hasPlaced(requestId));
    }

    private static void awaitWorkDone(SqsClient client, String queue) {
        await().atMost(RunningSystem.PATIENCE).until(() -> ForeignSqs.messages(client, queue) == 0);
    }

    private static List<JsonNode> timeline(JsonNode call, String kind) {
        return StreamSupport.stream(call.get("timeline").spliterator(), false)
                .filter(entry -> entry.get("kind").asText().equals(kind))
                .toList();
    }
}
