package dev.voiceai.api;

import static dev.voiceai.api.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.forwarder.RetellSignature;
import dev.voiceai.system.RunningSystem;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
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
    void aRepeatedRescheduleArrangesOneCall() {
        var callId = callThatTookPlace();
        var body = function("reschedule_call", callId, "{\"not_before\": \"" + inAMonth() + "\"}", "tool_1");

        var first = call(body);
        var second = call(body);

        assertThat(second).isEqualTo(first);
        var task = json(system.get("/api/v1/tasks/" + first.get("task_id").asText(), "business").body());
        assertThat(task.get("state").asText()).isEqualTo("open");
        assertThat(system.call(task.at("/result/request_id").asText()).get("state").asText()).isEqualTo("scheduled");
        assertThat(system.ledger().sql("SELECT COUNT(*) FROM request WHERE parent_request_id = ?")
                .param(task.get("request_id").asText()).query(Long.class).single()).isEqualTo(1);
    }

    @Test
    void aToolCallIsToldByTheOneThatWaitsForItsResult() {
        var callId = callThatTookPlace();
        var body = """
                {"name": "set_disposition", "args": {"disposition": "%s"},
                 "call": {"call_id": "%s", "transcript_with_tool_calls": [
                 {"role": "tool_call_invocation", "tool_call_id": "t0", "name": "set_disposition", "arguments": "{}"},
                 {"role": "tool_call_result", "tool_call_id": "t0", "content": "ok"},
                 {"role": "tool_call_invocation", "tool_call_id": "t1", "name": "set_disposition",
                  "arguments": "{\\"disposition\\": \\"a\\"}"},
                 {"role": "tool_call_invocation", "tool_call_id": "t2", "name": "set_disposition",
                  "arguments": "{\\"disposition\\": \\"b\\"}"},
                 {"role": "tool_call_invocation", "tool_call_id": "t3", "name": "field_writeback", "arguments": "{}"},
                 7, {"role": "tool_call_invocation", "tool_call_id": {"a": 1}}]}}""";

        var ids = Stream.of("a", "b", "c")
                .map(disposition -> call(body.formatted(disposition, callId)).get("task_id").asText()).toList();

        // The third is none of the two that wait: it counts as a repeat of the later one.
        assertThat(ids.get(0)).isNotEqualTo(ids.get(1));
        assertThat(ids.get(2)).isEqualTo(ids.get(1));
        assertThat(tasks(callId)).isEqualTo(2);
    }

    @Test
    void theFunctionOfAnUnknownOrAMissingCallIsRefusedWithASentence() throws IOException {
        var argsOnly = sample("tool.field_writeback.args_only.request.json");
        assertThat(refused(argsOnly)).isEqualTo("I could not do that. It is not known which call this belongs to.");
        var unknown = sample("tool.reschedule_call.request.json").replaceAll("2026-09-25T09:00:00-07:00", inAMonth());
        assertThat(refused(unknown)).isEqualTo("I could not do that. No call that was asked for here belongs to this.");
    }

    @Test
    void theSampleOfAReschedulePlansACall() throws IOException {
        var requestId = system.awaitFinal(system.requestCall("+12065550103")).get("request_id").asText();
        var due = ZonedDateTime.now(ZoneId.of("America/Los_Angeles")).plusDays(30).truncatedTo(ChronoUnit.HOURS);
        var body = sample("tool.reschedule_call.request.json")
                .replace("call_3f9a1c7e5b2d48f6a0e1c3b5d79", system.call(requestId).at("/attempts/0/call_id").asText())
                .replace("2026-09-25T09:00:00-07:00", due.toOffsetDateTime().toString());

        var answer = call(body);

        assertThat(answer.get("result").asText()).isEqualTo("rescheduled");
        assertThat(Instant.parse(answer.get("not_before").asText())).isEqualTo(due.toInstant());
        var year = due.getYear() == ZonedDateTime.now(due.getZone()).getYear() ? "" : ", uuuu";
        var words = due.format(DateTimeFormatter.ofPattern("EEEE, MMMM d" + year + " 'at' h:mm a", Locale.ENGLISH));
        assertThat(answer.get("speak").asText()).isEqualTo("I have arranged another call for you on " + words + ".");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "field_writeback | {'fields': {'a': 1}, 'call_id': 'c', 'contact_id': 'c-other', 'to_number': '+12065550101'}",
        "field_writeback | {'field': 'preferred_contact_time', 'value': 'mornings', 'confidence': 0.92}",
        "field_writeback | {'fields': {'a': null, 'b': [1, {'c': '\\u2028'}]}, 'agent_id': null}",
        "set_disposition | {'disposition': 42, 'reason': true, 'request_id': 7}",
        "set_disposition | {'disposition': 'busy', 'reason': ''}",
        "set_disposition | {'disposition': 'busy', 'reason': ['not', 'text']}",
    })
    void harmlessMistakesInTheArgumentsAreForgivenAndIdentitiesIgnored(String name, String arguments) {
        var callId = callThatTookPlace();

        var answer = call(function(name, callId, arguments.replace('\'', '"'), "t"));

        assertThat(answer.get("result").asText()).as(answer.toString()).isEqualTo("done");
        var task = json(system.get("/api/v1/tasks/" + answer.get("task_id").asText(), "business").body());
        assertThat(task.get("call_id").asText()).isEqualTo(callId);
        assertThat(task.has("contact_id")).isFalse();
        assertThat(task.at("/history/0/actor").asText()).isEqualTo("retell-agent");
    }

    @Test
    void aReturnCallKnowsTheMissedCallAndCanBeRescheduled() {
        var number = "+12065580110";
        var requestId = system.requestCall(Client.JSON.createObjectNode().put("to_number", number)
                .put("campaign", "recall").put("contact_id", "c-" + UUID.randomUUID())
                .set("dynamic_variables", json("{\"sandbox_script\": \"no_answer\", \"first_name\": \"Zoë\"}")));
        system.awaitFinal(requestId);
        var attempt = system.call(requestId).at("/attempts/0");
        var callId = "call_" + UUID.randomUUID();

        var context = json(inbound(callId, number).body()).get("call_inbound");

        var known = context.get("dynamic_variables");
        assertThat(known).allSatisfy(value -> assertThat(value.isTextual()).isTrue());
        assertThat(known.get("first_name").asText()).isEqualTo("Zoë");
        assertThat(known.get("last_request_id").asText()).isEqualTo(requestId);
        assertThat(known.get("last_call_id")).isEqualTo(attempt.get("call_id"));
        assertThat(known.get("last_call_at")).isEqualTo(attempt.get("dialing_at"));
        assertThat(known.get("last_call_outcome").asText()).isEqualTo("not_reached");
        assertThat(known.get("last_call_missed").asText()).isEqualTo("true");
        assertThat(known.get("campaign").asText()).isEqualTo("recall");
        assertThat(known.has("open_tasks")).isFalse();

        // The call in which the person asks was not placed here; the metadata that we gave it leads to the request.
        var body = """
                {"name": "reschedule_call", "args": {"not_before": "%s"},
                 "call": {"call_id": "%s", "direction": "inbound", "from_number": "%s", "to_number": "+14155550100", "metadata": %s}}""";
        assertThat(refused(body.formatted(inAMonth(), callId, "+12065580111", context.get("metadata"))))
                .contains("No call");
        var answer = call(body.formatted(inAMonth(), callId, number, context.get("metadata")));
        assertThat(answer.get("result").asText()).isEqualTo("rescheduled");

        var again = json(inbound("call_" + UUID.randomUUID(), number).body()).at("/call_inbound/dynamic_variables");
        assertThat(again.get("last_request_id").asText()).isEqualTo(requestId);
        assertThat(again.get("last_call_missed").asText()).isEqualTo("true");
        assertThat(again.get("open_tasks").asText()).isEqualTo("reschedule-call");
        assertThat(again.get("next_call_at")).isEqualTo(answer.get("not_before"));
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
        "reschedule_call | {'not_before': 1790000100000}",
        "reschedule_call | {'not_before': {'canary-7f3a9c': 'canary-7f3a9c'}}",
        "reschedule_call | {}",
        "field_writeback | {'fields': 'canary-7f3a9c'}",
        "field_writeback | {'fields': {'a': 'canary-7f3a9c\\u0000'}}",
        "field_writeback | {'fields': {'a': '\\ud800canary-7f3a9c'}}",
        "field_writeback | {'field': 7, 'value': 'canary-7f3a9c'}",
        "set_disposition | {'disposition': ['canary-7f3a9c']}",
        "set_disposition | {'disposition': ' canary-7f3a9c 0123456789 0123456789 0123456789 0123456789 0123456789'}",
        "set_disposition | null",
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

    private String refused(String body) {
        var answer = call(body);
        assertThat(answer.get("result").asText()).isEqualTo("rejected");
        return answer.get("speak").asText();
    }

    private HttpResponse<String> inbound(String callId, String number) {
        var answer = system.postAsRetell("/retell/inbound", """
                {"event": "call_inbound", "event_timestamp": 1, "call_inbound":
                 {"call_id": "%s", "from_number": "%s", "to_number": "+14155550100"}}""".formatted(callId, number));
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer;
    }

    private static String inAMonth() {
        return Instant.now().plus(30, ChronoUnit.DAYS).truncatedTo(ChronoUnit.HOURS).toString();
    }

    private static String sample(String name) throws IOException {
        try (var file = RetellAgentTest.class.getResourceAsStream("/dev/voiceai/sandbox/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
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
