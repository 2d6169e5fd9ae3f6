package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.system.RunningSystem;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReconcileTest {
    private static final String NUMBER = "+12065550100";
    private static final String NOTHING = "{\"items\": [], \"has_more\": false}";

    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;
    private final AtomicReference<String> listed = new AtomicReference<>(NOTHING);

    @AfterEach
    void heal() {
        outside.healthy();
    }

    @Test
    void aPageOfManyWithoutTheCallIsNotNone() {
        var requestId = lostCall();
        var other = Outside.call(requestId, 9);
        listed.set("{\"items\": [" + other + "], \"has_more\": true}");

        // The last look has passed, and still nobody was asked.
        await().atMost(RunningSystem.PATIENCE).until(() -> lookUps(requestId) >= 4);
        assertThat(system.call(requestId).get("state").asText()).isEqualTo("calling");

        listed.set("{\"items\": [" + other + ", " + Outside.call(requestId, 1) + "], \"has_more\": true}");
        var call = system.awaitFinal(requestId);
        assertThat(call.get("outcome").asText()).isEqualTo("completed");
        assertThat(call.at("/attempts/0/call_id").asText()).isEqualTo(Outside.callId(requestId, 1));
        assertThat(outside.dials(requestId)).hasSize(1);
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("initiated", "started", "completed");
    }

    @Test
    void aWebhookThatComesAfterAllLookUpsStillSettlesTheCall() {
        var requestId = lostCall();
        system.awaitState(requestId, "unknown");

        for (String event : new String[] {"call_started", "call_ended", "call_analyzed"}) {
            system.postAsRetell("/webhooks/retell", Outside.webhook(event, Outside.call(requestId, 1)));
        }

        assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("unknown", "initiated", "started", "completed");
        assertThat(outside.dials(requestId)).hasSize(1);
    }

    @Test
    void aCallWhoseWebhooksDoNotComeIsAskedAbout() {
        var requestId = system.requestCall(NUMBER);
        outside.retell.answer(request -> request.path().equals("/v2/get-call/" + Outside.callId(requestId, 1))
                ? new Stub.Answer(200, Outside.call(requestId, 1).toString())
                : Outside.placed(request));

        assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("initiated", "started", "completed");
    }

    @Test
    void anInboundCallWhoseLastWebhooksGotLostIsAskedAboutToo() {
        var call = inbound();
        var callId = call.get("call_id").asText();
        outside.retell.answer(request -> request.path().equals("/v2/get-call/" + callId)
                ? new Stub.Answer(200, call.toString())
                : Outside.placed(request));
        system.postAsRetell("/webhooks/retell", Outside.webhook("call_started", call));

        await().atMost(RunningSystem.PATIENCE).until(() -> outside.events(callId).contains("completed"));
        system.awaitEmptyOutbox(callId);
        assertThat(outside.events(callId)).containsExactly("started", "completed");
    }

    @Test
    void aCallOfWhichNothingWasHeardIsFoundInRetellsList() {
        var call = inbound().put("start_timestamp", System.currentTimeMillis());
        var callId = call.get("call_id").asText();
        outside.retell.answer(request -> switch (request.path()) {
            case "/v3/list-calls" -> {
                var range = request.json().at("/filter_criteria/start_timestamp/value");
                var start = call.get("start_timestamp").asLong();
                if (range.isMissingNode() || start < range.get(0).asLong() || start > range.get(1).asLong()) {
                    yield new Stub.Answer(200, NOTHING);
                }
                yield new Stub.Answer(200, request.json().path("pagination_key").asText().equals("second page")
                        ? "{\"items\": [{\"call_id\": \"" + callId + "\"}], \"has_more\": false}"
                        : "{\"items\": [], \"has_more\": true, \"pagination_key\": \"second page\"}");
            }
            default -> request.path().equals("/v2/get-call/" + callId) ? new Stub.Answer(200, call.toString()) : Outside.placed(request);
        });

        await().atMost(RunningSystem.PATIENCE).until(() -> outside.events(callId).contains("completed"));
        system.awaitEmptyOutbox(callId);
        assertThat(outside.events(callId)).containsExactly("started", "completed");
        assertThat(system.ledger().sql("SELECT direction || to_number FROM phone_call WHERE call_id = ?").param(callId)
                .query(String.class).single()).isEqualTo("inbound+12065550100");
    }

    @Test
    void aCallThatRetellNeverAnalyzesIsClosedByItsReason() {
        var requestId = placed();
        var call = Outside.call(requestId, 1).put("disconnection_reason", "dial_busy").put("call_status", "not_connected");
        call.remove("call_analysis");
        outside.retell.answer(request -> request.path().startsWith("/v2/get-call/")
                ? new Stub.Answer(200, call.toString())
                : Outside.placed(request));
        system.postAsRetell("/webhooks/retell", Outside.webhook("call_ended", call));
        awaitEvents(requestId, 1);
        longAgo("UPDATE call_event SET recorded_at = ? WHERE request_id = ?", requestId);

        assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("not_reached");
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("initiated", "not_reached");

        call.putObject("call_analysis").put("call_summary", "Analyzed after all.");
        system.postAsRetell("/webhooks/retell", Outside.webhook("call_analyzed", call));
        await().atMost(RunningSystem.PATIENCE).until(() ->
                system.call(requestId).at("/attempts/0/summary").asText().equals("Analyzed after all."));
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("initiated", "not_reached");
    }

    @Test
    void aCallOfWhoseEndRetellKnowsNothingIsClosedPastItsBound() {
        var requestId = placed();
        longAgo("UPDATE attempt SET dialing_at = ? WHERE request_id = ?", requestId);

        var call = system.awaitFinal(requestId);
        assertThat(call.get("outcome").asText()).isEqualTo("failed");
        assertThat(call.at("/reason/code").asText()).isEqualTo("not_reported");
        assertThat(call.at("/attempts/0/state").asText()).isEqualTo("analyzed");
        ContractSchemas.assertFits("Call", call);
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("initiated", "failed");
    }

    private String placed() {
        var requestId = system.requestCall(NUMBER);
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> system.call(requestId).at("/attempts/0/state").asText().equals("dialed"));
        return requestId;
    }

    private void awaitEvents(String requestId, int count) {
        await().atMost(RunningSystem.PATIENCE).until(() -> system.ledger()
                .sql("SELECT COUNT(*) FROM call_event WHERE request_id = ?").param(requestId).query(Long.class).single() == count);
    }

    private static ObjectNode inbound() {
        var call = Outside.call("r", 1).put("call_id", "call_" + UUID.randomUUID()).put("direction", "inbound");
        call.remove("metadata");
        return call;
    }

    private void longAgo(String statement, String requestId) {
        system.ledger().sql(statement).params(OffsetDateTime.now().minusHours(4), requestId).update();
    }

    /** A call whose answer is dropped; look-ups find what the test says. */
    private String lostCall() {
        outside.retell.answer(request -> switch (request.path()) {
            case "/v2/create-phone-call" -> Stub.Answer.of(0);
            case "/v3/list-calls" -> new Stub.Answer(200, listed.get());
            default -> Outside.placed(request);
        });
        return system.requestCall(NUMBER);
    }

    private long lookUps(String requestId) {
        return outside.retell.requests().stream()
                .filter(request -> request.path().equals("/v3/list-calls") && request.text().contains(requestId))
                .count();
    }
}
