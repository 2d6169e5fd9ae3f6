package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each of the sandbox's scripts, from the POST by Engage to the last row in the warehouse; all calls side by side. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SandboxScriptsTest {
    private static final Path DOCUMENTATION = Path.of("docs/retell-sandbox.md");

    /** What the whole system makes of one script. */
    enum Scenario {
        SUCCESS(100, "completed", "agent_hangup", "initiated, started, completed"),
        VOICEMAIL(101, "voicemail", "voicemail_reached", "initiated, started, voicemail"),
        NO_ANSWER(102, "not_reached", "dial_no_answer", "initiated, not_reached"),
        BUSY(103, "not_reached", "dial_busy", "initiated, not_reached"),
        DECLINED(104, "not_reached", "user_declined", "initiated, not_reached"),
        FAILED(105, "failed", "dial_failed", "initiated, failed"),
        LOST_ANSWER(106, "completed", "agent_hangup", "initiated, started, completed", 0),
        LOST_ANSWER_SILENT(107, "completed", "agent_hangup", "initiated, started, completed", 0),
        RATE_LIMITED(108, "completed", "agent_hangup", "initiated, started, completed", 429, 201),
        SERVER_ERROR(109, null, null, "unknown", 500),
        SERVER_ERROR_PLACED(110, "completed", "agent_hangup", "initiated, started, completed", 500),
        /** Would meet every call with our own number and agent, so dialing is paused, and this call is the trial. */
        AGENT_NOT_FOUND(111, "completed", "agent_hangup", "initiated, started, completed", 422, 201),
        PAYMENT_REQUIRED(112, "completed", "agent_hangup", "initiated, started, completed", 402, 201),
        DUPLICATE_WEBHOOKS(113, "completed", "agent_hangup", "initiated, started, completed"),
        SHUFFLED_WEBHOOKS(114, "completed", "agent_hangup", "initiated, started, completed"),
        MISSING_WEBHOOKS(115, "completed", "agent_hangup", "initiated, started, completed"),
        SLOW_ANSWER(116, "completed", "agent_hangup", "initiated, started, completed"),
        OPT_OUT(117, "completed", "agent_hangup", "initiated, started, completed"),
        TRANSFER(118, "completed", "call_transfer", "initiated, started, completed"),
        LONG(119, "failed", "manual_stopped", "initiated, started, failed"),
        HANGUP(120, "completed", "user_hangup", "initiated, started, completed"),
        INVALID_DESTINATION(121, "failed", "invalid_destination", "initiated, failed"),
        /** Rang no phone, so the policy table tries again; each attempt has its closing event. */
        CONCURRENCY_LIMIT(122, "failed", "concurrency_limit_reached",
                "initiated, failed, initiated, failed, initiated, failed", 201, 201, 201),
        TECHNICAL_ERROR(123, "failed", "error_llm_websocket_lost_connection", "initiated, started, failed"),
        NEW_REASON(124, "failed", "a_reason_of_the_future", "initiated, started, failed"),
        INVALID_REQUEST(125, "failed", null, "not_placed", 400);

        final String number;
        /** Null: nobody knows, and the request waits for a person. */
        final String outcome;
        final String disconnectionReason;
        final List<String> events;
        /** What the sandbox answered to each create-phone-call; 0 for a dropped connection. */
        final List<Integer> dials;

        Scenario(String number, String outcome, String disconnectionReason, String events, Integer... dials) {
            this.number = number;
            this.outcome = outcome;
            this.disconnectionReason = disconnectionReason;
            this.events = List.of(events.split(", "));
            this.dials = List.of(dials);
        }

        Scenario(int number, String outcome, String disconnectionReason, String events, Integer... dials) {
            this("+12065550" + number, outcome, disconnectionReason, events,
                    dials.length == 0 ? new Integer[] {201} : dials);
        }

        String state() {
            return outcome == null ? "unknown" : "done";
        }

        boolean reachesRetell() {
            return disconnectionReason != null;
        }

        /** The reason that the request itself ends with: a call that took place has an outcome instead. */
        String reason() {
            return switch (this) {
                case SERVER_ERROR -> "unknown";
                case INVALID_REQUEST -> "invalid_request";
                default -> null;
            };
        }

        List<String> callEvents() {
            if (!reachesRetell()) {
                return List.of();
            }
            return events.contains("started")
                    ? List.of("call_analyzed", "call_ended", "call_started")
                    : List.of("call_analyzed", "call_ended");
        }

        @Override
        public String toString() {
            return name().toLowerCase();
        }
    }

    private final Map<Scenario, String> requests = new LinkedHashMap<>();
    private RunningSystem system;

    abstract RunningSystem system();

    @BeforeAll
    void askForAllCalls() {
        system = system();
        for (Scenario scenario : Scenario.values()) {
            requests.put(scenario, system.requestCall(scenario.number));
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void aCallTravelsToItsEnd(Scenario scenario) {
        String requestId = requests.get(scenario);
        if (scenario == Scenario.LONG) {
            hangUp(requestId);
        }
        var call = system.awaitState(requestId, scenario.state());

        assertThat(call.path("outcome").textValue()).isEqualTo(scenario.outcome);
        assertThat(call.at("/reason/code").textValue()).isEqualTo(scenario.reason());
        assertThat(call.get("final").asBoolean()).isEqualTo(scenario.outcome != null);
        assertThat(call.get("attempts")).hasSameSizeAs(scenario.dials);
        var lastAttempt = call.get("attempts").get(scenario.dials.size() - 1);
        assertThat(lastAttempt.path("disconnection_reason").textValue()).isEqualTo(scenario.disconnectionReason);
        assertThat(lastAttempt.has("call_id")).isEqualTo(scenario.reachesRetell());

        assertEachAttemptWasDialedOnce(scenario, requestId);
        assertEventsArrivedInOrder(scenario, requestId);
        // An event that was overtaken by the analysis comes after the end.
        await().atMost(RunningSystem.PATIENCE)
                .untilAsserted(() -> assertTheWarehouseHasIt(scenario, requestId, call));
    }

    private void hangUp(String requestId) {
        var call = await().atMost(RunningSystem.PATIENCE).until(() -> system.call(requestId),
                ringing -> ringing.at("/attempts/0/state").asText().equals("in_progress"));
        assertThat(system.stopCall(call.at("/attempts/0/call_id").asText()).statusCode()).isEqualTo(204);
    }

    private void assertEachAttemptWasDialedOnce(Scenario scenario, String requestId) {
        var dials = system.dials(requestId);
        assertThat(dials).extracting(dial -> dial.get("status").asInt()).isEqualTo(scenario.dials);
        assertThat(dials).extracting(dial -> dial.get("attempt").asText())
                .isEqualTo(IntStream.rangeClosed(1, dials.size()).mapToObj(String::valueOf).toList());
    }

    private void assertEventsArrivedInOrder(Scenario scenario, String requestId) {
        system.awaitEmptyOutbox(requestId);
        // Any of them may be held for a moment while the refusal of another one pauses dialing.
        var events = system.events(requestId).stream()
                .filter(event -> !event.get("type").asText().equals("voice_ai.call.held")).toList();
        assertThat(RunningSystem.types(events)).isEqualTo(scenario.events);
        assertThat(events).extracting(event -> event.get("id").asText()).doesNotHaveDuplicates();
        var last = events.get(events.size() - 1).get("data");
        assertThat(last.get("state").asText()).isEqualTo(scenario.state());
        assertThat(last.path("outcome").textValue()).isEqualTo(scenario.outcome);
    }

    private void assertTheWarehouseHasIt(Scenario scenario, String requestId, JsonNode call) {
        assertThat(rows("SELECT * FROM requests WHERE request_id = ?", requestId))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row).containsEntry("state", scenario.state());
                    assertThat(row).containsEntry("outcome", scenario.outcome);
                    assertThat(row).containsEntry("reason_code", scenario.reason());
                    assertThat(row).containsEntry("final", scenario.outcome != null);
                    assertThat(row).containsEntry("to_number", scenario.number);
                });
        var attempts = rows("SELECT * FROM attempts WHERE request_id = ? ORDER BY attempt", requestId);
        assertThat(attempts).extracting(row -> row.get("state")).isEqualTo(texts(call, "state"));
        assertThat(attempts).extracting(row -> row.get("call_id")).isEqualTo(texts(call, "call_id"));
        assertThat(attempts).extracting(row -> row.get("disconnection_reason"))
                .isEqualTo(texts(call, "disconnection_reason"));
        assertThat(attempts).extracting(row -> row.get("transcript")).isEqualTo(texts(call, "transcript"));
        assertThat(rows("SELECT type FROM activity WHERE request_id = ? AND type <> 'voice_ai.call.held'", requestId))
                .extracting(row -> row.get("type").toString().replaceFirst("voice_ai.call.", ""))
                .containsExactlyInAnyOrderElementsOf(scenario.events);
        assertThat(attempts).filteredOn(attempt -> attempt.get("call_id") != null)
                .allSatisfy(attempt -> assertThat(callEvents(attempt.get("call_id")))
                        .containsExactlyElementsOf(scenario.callEvents()));
    }

    private List<String> callEvents(Object callId) {
        // A look-up may have found the call before its first event (call_registered), or told an event in other words.
        var sql = "SELECT DISTINCT event FROM call_events WHERE call_id = ? AND event <> 'call_registered' ORDER BY event";
        return rows(sql, callId).stream().map(row -> row.get("event").toString()).toList();
    }

    private List<Map<String, Object>> rows(String sql, Object parameter) {
        return system.warehouse().sql(sql).param(parameter).query().listOfRows();
    }

    private static List<String> texts(JsonNode call, String field) {
        return StreamSupport.stream(call.get("attempts").spliterator(), false)
                .map(attempt -> attempt.path(field).textValue())
                .toList();
    }

    @Test
    void everyDocumentedScriptHasAScenario() throws IOException {
        var documented = Files.readAllLines(DOCUMENTATION).stream()
                .filter(line -> line.startsWith("| `+"))
                .map(line -> line.split("`")[1] + " " + line.split("`")[3]);

        assertThat(documented)
                .containsExactlyElementsOf(Stream.of(Scenario.values()).map(s -> s.number + " " + s).toList());
    }
}
