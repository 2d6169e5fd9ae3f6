package dev.voiceai.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.Expression;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The outcome table, picked by the jq program that the routes use. */
class OutcomesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> CONVERSATION = Set.of("user_hangup", "agent_hangup", "call_transfer",
            "call_take_over", "transfer_bridged", "transfer_cancelled", "max_duration_reached", "inactivity");
    private static final Set<String> NOT_REACHED =
            Set.of("ivr_reached", "dial_no_answer", "dial_busy", "user_declined");
    /** Retell's other reasons, as its SDK 5.66.1 lists them. */
    private static final Set<String> FAILED = Set.of("manual_stopped", "no_concurrency_fallback", "dial_failed",
            "invalid_destination", "marked_as_spam", "telephony_provider_permission_denied",
            "telephony_provider_unavailable", "sip_routing_error", "concurrency_limit_reached", "no_valid_payment",
            "scam_detected", "registered_call_timeout", "error_llm_websocket_open",
            "error_llm_websocket_lost_connection", "error_llm_websocket_runtime",
            "error_llm_websocket_corrupt_payload", "error_no_audio_received", "error_asr", "error_retell",
            "error_unknown", "error_user_not_joined");

    private static JsonNode table;
    private static CamelContext camel;
    private static Expression program;

    @BeforeAll
    static void readTableAndProgram() throws Exception {
        table = JSON.readTree(Path.of("routes/outcomes.json").toFile());
        camel = new DefaultCamelContext();
        program = camel.resolveLanguage("jq").createExpression("resource:file:routes/templates/outcome.jq");
        program.init(camel);
    }

    @AfterAll
    static void close() throws Exception {
        camel.close();
    }

    static List<Arguments> everyReasonAndAnalysis() {
        var calls = new ArrayList<Arguments>();
        for (String reason : allReasons()) {
            for (Boolean voicemail : new Boolean[] {true, false, null}) {
                for (Boolean successful : new Boolean[] {true, false, null}) {
                    calls.add(Arguments.of(reason, voicemail, successful, expected(reason, voicemail, successful)));
                }
            }
        }
        return calls;
    }

    @ParameterizedTest
    @MethodSource("everyReasonAndAnalysis")
    void everyReasonAndAnalysisHasItsOutcome(String reason, Boolean voicemail, Boolean successful, String outcome) {
        var call = JSON.createObjectNode().put("disconnection_reason", reason);
        call.putObject("call_analysis").put("in_voicemail", voicemail).put("call_successful", successful);
        assertThat(pick(call).path("outcome").asText()).isEqualTo(outcome);
    }

    @Test
    void aCallWithoutAnalysisIsJudgedByItsReason() {
        assertThat(pick(call("agent_hangup")).path("outcome").asText()).isEqualTo("completed");
        assertThat(pick(call("inactivity")).path("outcome").asText()).isEqualTo("not_reached");
        assertThat(pick(call("dial_busy").putNull("call_analysis")).path("outcome").asText()).isEqualTo("not_reached");
    }

    @Test
    void anUnknownOrMissingReasonIsAFailure() {
        for (ObjectNode call : List.of(call("brand_new_reason"), call(null), JSON.createObjectNode())) {
            var row = pick(call);
            assertThat(row.path("outcome").asText()).isEqualTo("failed");
            assertThat(row.path("type").asText()).isEqualTo("voice_ai.call.failed");
            assertThat(row.path("started").asBoolean(true)).isFalse();
        }
    }

    /** Or else a late call_started would be told after the closing event, or not at all. */
    @ParameterizedTest
    @CsvSource({
        "agent_hangup, 0, true", "inactivity, 9000, true", "voicemail_reached, , true",
        "dial_no_answer, 30000, false", "dial_busy, , false", "concurrency_limit_reached, 0, false",
        "error_asr, 4000, true", "error_asr, 0, false", "manual_stopped, , false", "brand_new_reason, 1, true",
    })
    void theReasonOrElseTheDurationSaysWhetherACallConnected(String reason, Long duration, boolean connected) {
        assertThat(pick(call(reason).put("duration_ms", duration)).path("started").asBoolean()).isEqualTo(connected);
    }

    @Test
    void coversEveryReasonOfRetellAndEndsWithTheRowForAllOthers() {
        var reasons = new LinkedHashSet<String>();
        table.path("rows").forEach(row -> reasons.add(row.path("disconnection_reason").asText()));
        assertThat(allReasons()).hasSize(34);
        assertThat(reasons).containsExactlyInAnyOrderElementsOf(
                Stream.concat(allReasons().stream(), Stream.of("*")).toList());
        var last = table.path("rows").get(table.path("rows").size() - 1);
        assertThat(last.path("disconnection_reason").asText()).isEqualTo("*");
        assertThat(last.path("analysis").asText()).isEqualTo("any");
    }

    @Test
    void everyRowSendsTheEventOfItsOutcome() {
        for (JsonNode row : table.path("rows")) {
            var outcome = row.path("outcome").asText();
            assertThat(row.path("type").asText()).isEqualTo("voice_ai.call." + outcome);
            assertThat(row.path("event_name").asText()).isEqualTo(switch (outcome) {
                case "completed" -> "Call completed";
                case "voicemail" -> "Call left voicemail";
                case "not_reached" -> "Call not reached";
                case "failed" -> "Call failed";
                default -> "no such outcome";
            });
            assertThat(row.path("analysis").asText()).isIn("any", "successful", "unsuccessful", "voicemail");
            assertThat(row.path("connected").asText()).isIn("always", "never", "if_talked");
            assertThat(row.path("note").asText()).isNotBlank();
        }
    }

    @ParameterizedTest
    @CsvSource({"completed", "voicemail", "not_reached", "failed"})
    void anOutcomeRuleSendsTheEventOfItsOutcome(String outcome) throws Exception {
        var rule = camel.resolveLanguage("jq").createExpression("resource:file:routes/templates/outcome-" + outcome + ".jq");
        rule.init(camel);
        var exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(pick(call("brand_new_reason")));

        var row = rule.evaluate(exchange, JsonNode.class);

        var ofTable = StreamSupport.stream(table.path("rows").spliterator(), false)
                .filter(some -> some.path("outcome").asText().equals(outcome)).findFirst().orElseThrow();
        assertThat(row.path("outcome").asText()).isEqualTo(outcome);
        assertThat(row.path("type")).isEqualTo(ofTable.path("type"));
        assertThat(row.path("event_name")).isEqualTo(ofTable.path("event_name"));
        assertThat(row.path("started").isBoolean()).as("whether the call connected stays as it was").isTrue();
    }

    @Test
    void everyRowCanBeReached() {
        var reached = new LinkedHashSet<JsonNode>();
        for (Arguments arguments : everyReasonAndAnalysis()) {
            var call = call((String) arguments.get()[0]);
            call.putObject("call_analysis").put("in_voicemail", (Boolean) arguments.get()[1])
                    .put("call_successful", (Boolean) arguments.get()[2]);
            reached.add(pick(call));
        }
        reached.add(pick(call("brand_new_reason")));
        reached.forEach(row -> ((ObjectNode) row).remove("started"));
        assertThat(reached).containsExactlyInAnyOrderElementsOf(table.path("rows"));
    }

    private static String expected(String reason, Boolean voicemail, Boolean successful) {
        if (CONVERSATION.contains(reason) && Boolean.TRUE.equals(voicemail)) {
            return "voicemail";
        }
        if (reason.equals("inactivity")) {
            return Boolean.TRUE.equals(successful) ? "completed" : "not_reached";
        }
        if (CONVERSATION.contains(reason)) {
            return "completed";
        }
        if (reason.equals("voicemail_reached")) {
            return "voicemail";
        }
        return NOT_REACHED.contains(reason) ? "not_reached" : "failed";
    }

    private static Set<String> allReasons() {
        var all = new LinkedHashSet<String>(CONVERSATION);
        all.add("voicemail_reached");
        all.addAll(NOT_REACHED);
        all.addAll(FAILED);
        return all;
    }

    private static ObjectNode call(String reason) {
        return JSON.createObjectNode().put("disconnection_reason", reason);
    }

    private static JsonNode pick(JsonNode call) {
        var exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(JSON.createObjectNode().<ObjectNode>set("table", table).set("call", call));
        return program.evaluate(exchange, JsonNode.class);
    }
}
