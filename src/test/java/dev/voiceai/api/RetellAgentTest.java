package dev.voiceai.api;

import static dev.voiceai.api.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.forwarder.RetellSignature;
import dev.voiceai.system.RunningSystem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetellAgentTest {
    private final RunningSystem system = RunningSystem.shared();

    @Test
    void aRepeatedFunctionIsTheSameTask() {
        var callId = callThatTookPlace();
        var body = function("field_writeback", callId, "{\"fields\": {\"size\": 42}}", "tool_1");

        var first = call(body);
        var second = call(body);
        var another = call(function("field_writeback", callId, "{\"fields\": {\"size\": 42}}", "tool_2"));

        assertThat(first.get("result").asText()).isEqualTo("done");
        assertThat(first.get("speak").asText()).isNotBlank();
        assertThat(second.get("task_id")).isEqualTo(first.get("task_id"));
        assertThat(another.get("task_id")).isNotEqualTo(first.get("task_id"));
        assertThat(tasks(callId)).isEqualTo(2);
    }

    @Test
    void theArgumentsCanNotChooseAnotherCall() {
        var callId = callThatTookPlace();
        var other = system.requestCall(Client.JSON.createObjectNode()
                .put("to_number", "+12065550101").put("not_before", Instant.now().plus(1, ChronoUnit.DAYS).toString()));

        var answer = call(function("reschedule_call", callId,
                "{\"request_id\": \"" + other + "\", \"call_id\": \"call_other\", \"not_before\": \"2027-03-01T10:00:00-08:00\"}", "t"));

        assertThat(answer.get("result").asText()).isEqualTo("rescheduled");
        assertThat(system.call(other).get("state").asText()).isEqualTo("scheduled");
        assertThat(tasks(callId)).isEqualTo(1);
    }

    @Test
    void whoAsksInTheMiddleOfACallIsNotCalledAgainWhateverTheArgumentsSay() {
        var number = "+12065580100";
        var requestId = system.requestCall(Client.JSON.createObjectNode().put("to_number", number)
                .set("dynamic_variables", json("{\"sandbox_script\": \"long\"}")));
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> system.call(requestId).at("/attempts/0/state").asText().equals("in_progress"));
        var later = system.requestCall(Client.JSON.createObjectNode()
                .put("to_number", number).put("not_before", Instant.now().plus(1, ChronoUnit.DAYS).toString()));
        var callId = system.call(requestId).at("/attempts/0/call_id").asText();
        var body = live("outbound", callId, "+14155550100", number,
                "{\"number\": \"+12065580101\", \"call_id\": \"call_other\", \"reason\": \"is annoyed\", \"until\": \"tomorrow\"}");

        var answer = call(body);

        assertThat(answer.get("result").asText()).isEqualTo("done");
        assertThat(answer.get("speak").asText()).isEqualTo("You will not be called again.");
        assertThat(optOut(number)).isEqualTo("function: is annoyed");
        assertThat(optOut("+12065580101")).isNull();
        assertThat(system.call(later).get("state").asText()).isEqualTo("rejected");
        assertThat(system.ledger().sql("SELECT retries_stopped FROM request WHERE request_id = ?").param(requestId)
                .query(Boolean.class).single()).isTrue();
        var task = json(system.get("/api/v1/tasks/" + answer.get("task_id").asText(), "business").body());
        assertThat(task.get("request_id").asText()).isEqualTo(requestId);
        assertThat(task.at("/result/cancelled/0/request_id").asText()).isEqualTo(later);

        system.stopCall(callId);
        assertThat(system.awaitFinal(requestId).get("attempts")).hasSize(1);

        // Retell says it again after an operator has removed the entry.
        var removal = "{\"numbers\": [\"" + number + "\"], \"reason\": \"r\"}";
        assertThat(system.post("/api/v1/do-not-call/remove", "operator", removal).statusCode()).isEqualTo(200);
        assertThat(call(body).get("task_id")).isEqualTo(answer.get("task_id"));
        assertThat(optOut(number)).isNull();
    }

    @Test
    void aCallerIsKnownByTheSignedCallBeforeAnyEventOfItCame() {
        var answer = call(live("inbound", "call_" + UUID.randomUUID(), "+12065580102", "+14155550100", "{}"));

        assertThat(answer.get("speak").asText()).isEqualTo("You will not be called again.");
        assertThat(optOut("+12065580102")).isEqualTo("function: The person asked not to be called.");
        assertThat(optOut("+14155550100")).isNull();
    }

    @Test
    void anOptOutMayEndByItself() {
        var answer = call(live("inbound", "call_" + UUID.randomUUID(), "+12065580103", "+14155550100",
                "{\"until\": \"2099-01-01T00:00Z\"}"));

        assertThat(answer.get("speak").asText()).isEqualTo("You will not be called again until then.");
        assertThat(system.ledger().sql("SELECT do_not_call_until FROM person WHERE number = '+12065580103'")
                .query(OffsetDateTime.class).single().toInstant()).isEqualTo(Instant.parse("2099-01-01T00:00:00Z"));
    }

    @Test
    void whoCallsFromAWithheldNumberIsToldThatItCanNotBeDone() {
        var answer = call(live("inbound", "call_" + UUID.randomUUID(), "anonymous", "+14155550100", "{}"));

        assertThat(answer.get("result").asText()).isEqualTo("rejected");
        assertThat(answer.get("speak").asText()).contains("no number");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "send_brochure   | {}",
        "../../call      | {}",
        "field_writeback | {}",
        "field_writeback | {'fields': {}}",
        "field_writeback | {'fields': {'a': 1}, 'surprise': 'canary-7f3a9c'}",
        "reschedule_call | {'not_before': 'canary-7f3a9c'}",
        "reschedule_call | {'not_before': '2020-01-01T10:00:00Z'}",
        "reschedule_call | {'not_before': '2027-03-01T10:00', 'timezone': 'Mars/canary-7f3a9c'}",
    })
    void aFunctionThatCanNotBeDoneIsRefusedWithASentence(String name, String arguments) {
        var callId = callThatTookPlace();

        var response = system.postAsRetell("/retell/functions", function(name, callId, arguments.replace('\'', '"'), "t"));

        assertThat(response.statusCode()).isEqualTo(200);
        Client.assertSilent(response);
        assertThat(json(response.body()).get("result").asText()).isEqualTo("rejected");
        assertThat(json(response.body()).get("speak").asText()).isNotBlank().endsWith(".");
        assertThat(tasks(callId)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "", "[]", "{}", "{\"name\": 7, \"call\": \"x\"}"})
    void aBodyThatIsNoFunctionIsRefusedWithASentence(String body) {
        var response = system.postAsRetell("/retell/functions", body);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response.body()).get("result").asText()).isEqualTo("rejected");
        Client.assertSilent(response);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "not JSON", "", "[]", "{}", "{\"event\": \"call_inbound\", \"call_inbound\": {}}",
        "{\"event\": \"call_inbound\", \"call_inbound\": {\"from_number\": \"anonymous\", \"to_number\": \"+14155550100\"}}",
    })
    void whateverIsWrongACallerGoesOnWithoutContext(String body) {
        var response = system.postAsRetell("/retell/inbound", body);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response.body())).isEqualTo(json("{\"call_inbound\": {}}"));
    }

    @Test
    void aRepeatedInboundWebhookIsNotedOnce() {
        var callId = "call_" + UUID.randomUUID();
        var body = """
                {"event": "call_inbound", "event_timestamp": 1, "call_inbound":
                 {"call_id": "%s", "from_number": "+12065550166", "to_number": "+14155550100", "agent_id": "a"}}""".formatted(callId);

        assertThat(system.postAsRetell("/retell/inbound", body).statusCode()).isEqualTo(200);
        assertThat(system.postAsRetell("/retell/inbound", body).statusCode()).isEqualTo(200);

        assertThat(tasks(callId)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/retell/functions", "/retell/inbound", "/webhooks/retell"})
    void aSignatureThatIsOldOrOfAnotherBodyOrKeyIsRefused(String path) {
        var body = "{\"event\": \"call_started\"}";
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var key = system.setting("retell.webhook-keys");
        for (String signature : List.of(
                RetellSignature.sign(bytes, key, Instant.now().minusSeconds(301)),
                RetellSignature.sign(bytes, "another-key", Instant.now()),
                RetellSignature.sign("{}".getBytes(StandardCharsets.UTF_8), key, Instant.now()),
                "v=1,d=0", "nonsense")) {
            var answer = system.post(path, null, body, Map.of(RetellSignature.HEADER, signature));

            Client.assertProblem(answer, 401, "unauthorized");
        }
    }

    private String callThatTookPlace() {
        return system.awaitFinal(system.requestCall("+12065550103")).at("/attempts/0/call_id").asText();
    }

    private static String function(String name, String callId, String arguments, String toolCall) {
        return """
                {"name": "%s", "args": %s, "call": {"call_id": "%s", "transcript_with_tool_calls":
                 [{"role": "user", "content": "hm"}, {"role": "tool_call_invocation", "tool_call_id": "%s"}]}}"""
                .formatted(name, arguments, callId, toolCall);
    }

    private static String live(String direction, String callId, String from, String to, String arguments) {
        return """
                {"name": "do_not_call", "args": %s, "call": {"call_id": "%s", "direction": "%s", "from_number": "%s", "to_number": "%s"}}"""
                .formatted(arguments, callId, direction, from, to);
    }

    /** Source and reason of a number's entry in the do-not-call list; null without one. */
    private String optOut(String number) {
        return system.ledger()
                .sql("SELECT do_not_call_source || ': ' || do_not_call_reason FROM person WHERE number = ? AND do_not_call = TRUE")
                .param(number).query(String.class).optional().orElse(null);
    }

    private JsonNode call(String body) {
        var response = system.postAsRetell("/retell/functions", body);
        assertThat(response.statusCode()).isEqualTo(200);
        return json(response.body());
    }

    private long tasks(String callId) {
        return system.ledger().sql("SELECT COUNT(*) FROM task WHERE call_id = ?").param(callId).query(Long.class).single();
    }
}
