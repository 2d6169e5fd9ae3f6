package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.system.RunningSystem;
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
                : outside.placed(request));

        assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("initiated", "started", "completed");
    }

    /** A call whose answer is dropped; look-ups find what the test says. */
    private String lostCall() {
        outside.retell.answer(request -> switch (request.path()) {
            case "/v2/create-phone-call" -> Stub.Answer.of(0);
            case "/v3/list-calls" -> new Stub.Answer(200, listed.get());
            default -> outside.placed(request);
        });
        return system.requestCall(NUMBER);
    }

    private long lookUps(String requestId) {
        return outside.retell.requests().stream()
                .filter(request -> request.path().equals("/v3/list-calls") && request.text().contains(requestId))
                .count();
    }
}
