package dev.voiceai.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.system.HttpStub.Answer;
import dev.voiceai.system.HttpStub.Request;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A voice platform that is not the sandbox: counts the dials, and sends only the webhooks that the test asks for. */
final class ForeignRetell implements AutoCloseable {
    static final String KEY = "key_of_a_foreign_retell";

    /** The events of a call that goes well, in Retell's order. */
    static final List<String> EVENTS = List.of("call_started", "call_ended", "call_analyzed");

    /** The call of each request_id, as create-phone-call answered it. */
    private final Map<String, ObjectNode> calls = new ConcurrentHashMap<>();
    private final HttpStub server = new HttpStub(this::answer);

    private Answer answer(Request request) {
        if (!("Bearer " + KEY).equals(request.authorization())) {
            return Answer.of(401);
        }
        return switch (request.path()) {
            case "/v2/create-phone-call" -> new Answer(201, place(request.json()).toString());
            case "/v3/list-calls" -> new Answer(200, "{\"items\":[],\"has_more\":false}");
            default -> Answer.of(404);
        };
    }

    private ObjectNode place(JsonNode request) {
        var call = RunningSystem.JSON.createObjectNode()
                .put("call_id", "call_" + UUID.randomUUID().toString().replace("-", ""))
                .put("call_type", "phone_call")
                .put("direction", "outbound")
                .put("call_status", "registered");
        call.set("agent_id", request.path("override_agent_id"));
        call.set("from_number", request.path("from_number"));
        call.set("to_number", request.path("to_number"));
        call.set("metadata", request.path("metadata"));
        calls.put(request.at("/metadata/request_id").asText(), call);
        return call;
    }

    /** Settings that lead here; the address alone would do, with a key made up at the start. */
    Map<String, String> settings() {
        return Map.of(
                "RETELL_BASE_URL", server.url(),
                "RETELL_API_KEY", KEY,
                // There is nothing to learn here about a call that keeps silent.
                "reconcile.silent-after", "PT1H");
    }

    /** How many create-phone-calls came for a request. */
    long dials(String requestId) {
        return server.requests().stream()
                .filter(request -> request.path().equals("/v2/create-phone-call"))
                .filter(request -> request.json().at("/metadata/request_id").asText().equals(requestId))
                .count();
    }

    boolean hasPlaced(String requestId) {
        return calls.containsKey(requestId);
    }

    String callId(String requestId) {
        return calls.get(requestId).get("call_id").asText();
    }

    /** The body of one webhook of the call that was placed for a request. */
    String webhook(String event, String requestId) {
        return webhook(event, calls.get(requestId));
    }

    /** The body of one webhook of any call. */
    static String webhook(String event, ObjectNode placed) {
        long startedAt = Instant.now().toEpochMilli() - 5_000;
        var call = placed.deepCopy().put("start_timestamp", startedAt);
        if (event.equals("call_started")) {
            call.put("call_status", "ongoing");
        } else {
            call.put("call_status", "ended")
                    .put("end_timestamp", startedAt + 4_000)
                    .put("duration_ms", 4_000)
                    .put("disconnection_reason", "user_hangup")
                    .put("transcript", "Agent: Hello?\nUser: Hello.\n");
        }
        if (event.equals("call_analyzed")) {
            call.putObject("call_cost").put("combined_cost", 2.5);
            call.putObject("call_analysis").put("call_summary", "They said hello.").put("user_sentiment", "Neutral")
                    .put("call_successful", true).put("in_voicemail", false);
        }
        return RunningSystem.JSON.createObjectNode().put("event", event).<ObjectNode>set("call", call).toString();
    }

    /** A call that nobody here asked for. */
    static ObjectNode strangeCall(String callId) {
        return RunningSystem.JSON.createObjectNode()
                .put("call_id", callId)
                .put("call_type", "phone_call")
                .put("direction", "inbound")
                .put("agent_id", "agent_of_the_dashboard")
                .put("from_number", "+12065550177")
                .put("to_number", "+14155550100");
    }

    @Override
    public void close() {
        server.close();
    }
}
