package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.system.RunningSystem;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The events as a collector gets them; its faults are in {@link FaultsTest}, parked events in {@link DeadLettersTest}. */
class AbtTest {
    private static final String NUMBER = "+12065550100";

    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;

    @Test
    void eachEventIsACloudEventThatTellsNoNumberAndNoWord() {
        var call = Client.JSON.createObjectNode()
                .put("to_number", "+12065550100").put("contact_id", "c-1").put("campaign", "autumn");
        call.putObject("metadata").put("order", 17);
        call.putObject("dynamic_variables").put("customer_name", "Zoë");
        var requestId = system.requestCall(call);
        outside.complete(requestId, 1);
        system.awaitFinal(requestId);
        system.awaitEmptyOutbox(requestId);

        var sent = sent(requestId);
        assertThat(sent).hasSize(3).allSatisfy(request -> {
            AbtContract.assertFits(request);
            assertThat(request.path()).isEqualTo("/events");
            assertThat(request.headers().keySet()).noneMatch(name -> name.matches("(?i)authorization|x-api-key|camel.*"));
            assertThat(request.text()).doesNotContain("2065550100", "4155550100", "Zoë", "Agent:");
            assertThat(request.json().at("/data/metadata/order").asInt()).isEqualTo(17);
            assertThat(request.json().at("/data/contact_id").asText()).isEqualTo("c-1");
            assertThat(request.json().at("/data/call_id").asText()).isEqualTo(Outside.callId(requestId, 1));
        });
        var events = sent.stream().map(Stub.Request::json).toList();
        assertThat(texts(events, "/source")).containsExactly(
                "/voice-ai/call-processor", "/voice-ai/webhook-processor", "/voice-ai/webhook-processor");
        assertThat(texts(events, "/data/event_name")).containsExactly("Voice call initiated", "Call started", "Call completed");
        assertThat(texts(events, "/data/final")).containsExactly("false", "false", "true");
        assertThat(texts(events, "/id")).doesNotHaveDuplicates();
        assertThat(texts(events, "/time").stream().map(Instant::parse)).hasSize(3);
        assertThat(events.get(2).at("/data/duration_ms").asInt()).isEqualTo(4_000);
    }

    @Test
    void everyTypeOfEventFitsThePublishedSchema() {
        var completed = system.requestCall(NUMBER);
        outside.complete(completed, 1);
        end("voicemail_reached");
        end("dial_no_answer");
        end("dial_failed");

        var later = Client.JSON.createObjectNode().put("to_number", NUMBER)
                .put("not_before", OffsetDateTime.now().plusHours(1).toString());
        assertThat(system.delete("/api/v1/calls/" + system.requestCall(later), "engage").statusCode()).isEqualTo(200);
        var moved = system.post("/api/v1/tasks/reschedule-call", "business", "{\"request_id\": \"" + system.requestCall(later)
                + "\", \"not_before\": \"" + OffsetDateTime.now().plusDays(1) + "\"}");
        assertThat(moved.statusCode()).as(moved.body()).isEqualTo(201);
        var campaign = UUID.randomUUID().toString();
        var pause = "{\"campaign\": \"" + campaign + "\", \"reason\": \"closed\"}";
        assertThat(system.post("/api/v1/dialing/pause", "operator", pause).statusCode()).isEqualTo(200);
        var held = system.requestCall(Client.JSON.createObjectNode().put("to_number", NUMBER).put("campaign", campaign));
        system.awaitState(held, "held");
        outside.retell.answer(request ->
                request.path().equals("/v2/create-phone-call") ? Stub.Answer.of(500) : Outside.placed(request));
        system.awaitState(system.requestCall(NUMBER), "unknown");
        outside.healthy();

        await().atMost(RunningSystem.PATIENCE).untilAsserted(() -> assertThat(outside.abt.requests().stream()
                        .map(request -> request.json().path("type").asText().replace("voice_ai.call.", "")))
                .contains("initiated", "started", "completed", "voicemail", "not_reached", "failed", "not_placed", "held",
                        "unknown", "rescheduled"));
        assertThat(system.post("/api/v1/dialing/resume", "operator", "{\"campaign\": \"" + campaign + "\"}").statusCode()).isEqualTo(200);
        assertThat(outside.abt.requests()).allSatisfy(AbtContract::assertFits);
    }

    /** A call that ends for this reason. */
    private void end(String reason) {
        var requestId = system.requestCall(NUMBER);
        await().atMost(RunningSystem.PATIENCE).until(() -> outside.dials(requestId).size() == 1);
        var call = Outside.call(requestId, 1).put("disconnection_reason", reason);
        for (String event : List.of("call_ended", "call_analyzed")) {
            assertThat(system.postAsRetell("/webhooks/retell", Outside.webhook(event, call)).statusCode()).isEqualTo(204);
        }
        system.awaitFinal(requestId);
    }

    private List<Stub.Request> sent(String subject) {
        return outside.abt.requests().stream()
                .filter(request -> request.json().path("subject").asText().equals(subject))
                .toList();
    }

    private static List<String> texts(List<JsonNode> events, String pointer) {
        return events.stream().map(event -> event.at(pointer).asText()).toList();
    }
}
