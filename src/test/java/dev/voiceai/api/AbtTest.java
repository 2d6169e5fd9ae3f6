package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.voiceai.system.RunningSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The events as a collector gets them; its faults are in {@link FaultsTest}, parked events in {@link DeadLettersTest}. */
class AbtTest {
    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;

    @Test
    void eachEventIsACloudEventThatTellsNoNumberAndNoWord() throws Exception {
        var call = Client.JSON.createObjectNode()
                .put("to_number", "+12065550100").put("contact_id", "c-1").put("campaign", "autumn");
        call.putObject("metadata").put("order", 17);
        call.putObject("dynamic_variables").put("customer_name", "Zoë");
        var requestId = system.requestCall(call);
        outside.complete(requestId, 1);
        system.awaitFinal(requestId);
        system.awaitEmptyOutbox(requestId);

        var schema = JsonSchemaFactory.getInstance(VersionFlag.V7)
                .getSchema(Files.readString(Path.of("routes/schemas/abt-event.json")));
        var sent = sent(requestId);
        assertThat(sent).hasSize(3).allSatisfy(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/events");
            assertThat(request.header("Content-type")).isEqualTo("application/cloudevents+json");
            assertThat(request.headers().keySet()).noneMatch(name -> name.matches("(?i)authorization|x-api-key|camel.*"));
            assertThat(schema.validate(request.json())).isEmpty();
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

    private List<Stub.Request> sent(String subject) {
        return outside.abt.requests().stream()
                .filter(request -> request.json().path("subject").asText().equals(subject))
                .toList();
    }

    private static List<String> texts(List<JsonNode> events, String pointer) {
        return events.stream().map(event -> event.at(pointer).asText()).toList();
    }
}
