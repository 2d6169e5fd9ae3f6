package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.system.RunningSystem;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;

class WebhookProcessorTest {
    private static final String NUMBER = "+12065550100";

    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;

    @AfterEach
    void heal() {
        outside.healthy();
    }

    @Test
    void eventsThatComeThriceAndBackwardsAreToldOnceAndInOrder() {
        var requestId = placed();
        for (String event : List.of("call_analyzed", "call_analyzed", "call_ended", "call_started", "call_ended", "call_started")) {
            say(event, Outside.call(requestId, 1));
        }

        var call = system.awaitFinal(requestId);
        awaitEvents(requestId, 3);

        assertThat(call.get("outcome").asText()).isEqualTo("completed");
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("initiated", "started", "completed");
        assertThat(system.call(requestId).get("timeline").findValuesAsText("state"))
                .containsOnlyOnce("call_started", "call_ended", "call_analyzed");
    }

    @Test
    void aCallThatNobodyAskedForIsToldUnderItsCallId() {
        var callId = "call_" + UUID.randomUUID();
        var call = Outside.call("r", 1).put("call_id", callId).put("direction", "inbound");
        call.remove("metadata");
        for (String event : List.of("call_started", "call_ended", "call_analyzed")) {
            say(event, call);
        }

        await().atMost(RunningSystem.PATIENCE).until(() -> outside.events(callId).equals(List.of("started", "completed")));
        system.awaitEmptyOutbox(callId);
        assertThat(system.warehouse().sql("SELECT COUNT(*) FROM call_events WHERE call_id = ? AND direction = 'inbound'")
                        .param(callId).query(Long.class).single())
                .isEqualTo(3);
    }

    @Test
    void anEventOfTheFutureIsKeptAndCausesNothing() {
        var requestId = placed();
        say("call_put_on_hold", Outside.call(requestId, 1));

        await().atMost(RunningSystem.PATIENCE).until(() ->
                system.call(requestId).get("timeline").findValuesAsText("state").contains("call_put_on_hold"));
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("initiated");
    }

    @Test
    void metadataThatIsNotOursDoesNotStopAnEvent() {
        for (String metadata : List.of("{\"request_id\": 5, \"attempt\": \"x\"}", "{\"request_id\": \"" + "r".repeat(9_000) + "\"}", "{}")) {
            var callId = "call_" + UUID.randomUUID();
            var call = Outside.call("r", 1).put("call_id", callId).put("direction", "inbound");
            call.set("metadata", Client.json(metadata));
            say("call_analyzed", call);

            await(metadata).atMost(RunningSystem.PATIENCE).until(() -> outside.events(callId).contains("completed"));
        }
    }

    @Test
    void oddValuesOfACallCountAsAbsent() {
        var requestId = placed();
        var call = Outside.call(requestId, 1).put("agent_id", 7).put("recording_url", false).put("transcript", "a\u0000b");
        call.putObject("call_cost").put("combined_cost", "free");
        say("call_analyzed", call);

        var closed = system.awaitFinal(requestId);
        assertThat(closed.get("outcome").asText()).isEqualTo("completed");
        assertThat(closed.at("/attempts/0").has("cost_usd")).isFalse();
        assertThat(closed.at("/attempts/0/transcript").asText()).isEqualTo("ab");
        ContractSchemas.assertFits("Call", closed);
    }

    @Test
    void anEventThatWasTooLargeForTheQueueIsFetched() {
        var requestId = placed();
        var callId = Outside.callId(requestId, 1);
        var whole = Outside.call(requestId, 1).put("transcript", "Agent: " + "blah ".repeat(100_000));
        outside.retell.answer(request -> request.path().equals("/v2/get-call/" + callId)
                ? new Stub.Answer(200, whole.toString())
                : outside.placed(request));
        var cut = whole.deepCopy();
        cut.remove("transcript");
        var message = Client.JSON.createObjectNode()
                .put("schema", "call-event/1").put("event", "call_analyzed").put("call_id", callId)
                .put("received_at", "2026-11-22T12:00:00.000Z").put("payload_sha256", "0".repeat(64)).put("truncated", true);
        message.set("call", cut);

        system.bean(SqsClient.class).sendMessage(send -> send.queueUrl("queue:call-events").messageBody(message.toString()));

        assertThat(system.awaitFinal(requestId).at("/attempts/0/transcript").asText()).hasSizeGreaterThan(400_000);
    }

    @Test
    void aSecondCallOfOneAttemptRaisesAnAlarmAndOverwritesNothing() {
        var requestId = placed();
        say("call_started", Outside.call(requestId, 1).put("call_id", "call_second_" + requestId));

        await().atMost(RunningSystem.PATIENCE).until(() ->
                system.call(requestId).get("timeline").findValuesAsText("state").contains("double_dial"));
        outside.complete(requestId, 1);
        var call = system.awaitFinal(requestId);
        assertThat(call.at("/attempts/0/call_id").asText()).isEqualTo(Outside.callId(requestId, 1));
        ContractSchemas.assertFits("Call", call);
    }

    private String placed() {
        var requestId = system.requestCall(NUMBER);
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> system.call(requestId).at("/attempts/0/state").asText().equals("dialed"));
        return requestId;
    }

    private void say(String event, ObjectNode call) {
        assertThat(system.postAsRetell("/webhooks/retell", Outside.webhook(event, call)).statusCode()).isEqualTo(204);
    }

    private void awaitEvents(String requestId, int count) {
        await().atMost(RunningSystem.PATIENCE).until(() -> system.ledger()
                .sql("SELECT COUNT(*) FROM call_event WHERE request_id = ?")
                .param(requestId)
                .query(Long.class)
                .single() == count);
    }
}
