package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each arrow of the seed's diagram, seen from outside: over HTTP, at the collector and in the warehouse. */
@Tag("sqs")
class SeedArrowsTest {
    private static final String SUCCESS = "+12065550100";
    private static final String LONG = "+12065550119";

    private static RunningSystem system;

    @BeforeAll
    static void start() {
        system = RunningSystem.shared();
    }

    @Test
    void aPostIsQueuedDialedAndAnnouncedAsInitiated() {
        var requestId = system.requestCall(LONG);

        var call = awaitAttempt(requestId, "in_progress");
        assertThat(states(call, "request")).containsExactly("accepted", "queued", "calling");
        assertThat(states(call, "attempt")).startsWith("dialing", "dialed");
        assertThat(system.dials(requestId)).hasSize(1);
        var initiated = awaitEvent(requestId, "initiated");
        assertThat(initiated.get("source").asText()).isEqualTo("/voice-ai/call-processor");
        assertThat(initiated.at("/data/event_name").asText()).isEqualTo("Voice call initiated");
        assertThat(initiated.at("/data/call_id").asText()).isEqualTo(callId(call));
        hangUp(call);
    }

    @Test
    void callStartedIsAnnounced() {
        var requestId = system.requestCall(LONG);

        var call = awaitAttempt(requestId, "in_progress");
        var started = awaitEvent(requestId, "started");
        assertThat(started.get("source").asText()).isEqualTo("/voice-ai/webhook-processor");
        assertThat(started.at("/data/event_name").asText()).isEqualTo("Call started");
        assertThat(OffsetDateTime.parse(started.get("time").asText()))
                .isEqualTo(OffsetDateTime.parse(call.at("/attempts/0/started_at").asText()));
        hangUp(call);
    }

    @Test
    void callEndedSendsNothingShowsOnTheTimelineAndFreesTheLine() {
        try (var retell = new ForeignRetell();
                var oneLine = RunningSystem.start(withOneLine(retell))) {
            var first = oneLine.requestCall(SUCCESS);
            await().atMost(RunningSystem.PATIENCE).until(() -> retell.hasPlaced(first));
            var second = oneLine.requestCall("+12065550141");
            assertThat(oneLine.awaitState(second, "held").at("/reason/code").asText()).isEqualTo("capacity");

            oneLine.postAsRetell("/webhooks/retell", retell.webhook("call_started", first));
            oneLine.postAsRetell("/webhooks/retell", retell.webhook("call_ended", first));

            oneLine.awaitState(second, "calling");
            await().atMost(RunningSystem.PATIENCE).until(
                    () -> states(oneLine.call(first), "event").containsAll(List.of("call_started", "call_ended")));
            oneLine.awaitEmptyOutbox(first);
            var call = oneLine.call(first);
            assertThat(call.at("/attempts/0/state").asText()).isEqualTo("ended");
            assertThat(call.get("final").asBoolean()).isFalse();
            assertThat(oneLine.eventTypes(first)).containsExactly("initiated", "started");
        }
    }

    @Test
    void callAnalyzedIsInTheDatabaseBeforeCallCompletedIsAnnounced() {
        var requestId = system.requestCall(SUCCESS);

        var completed = awaitEvent(requestId, "completed");
        // Read after the event has arrived: whoever hears it finds the details.
        var attempt = system.call(requestId).at("/attempts/0");
        assertThat(completed.at("/data/event_name").asText()).isEqualTo("Call completed");
        assertThat(completed.at("/data/state").asText()).isEqualTo("done");
        assertThat(completed.at("/data/outcome").asText()).isEqualTo("completed");
        assertThat(completed.at("/data/duration_ms").asLong()).isEqualTo(attempt.get("duration_ms").asLong());
        assertThat(attempt.get("state").asText()).isEqualTo("analyzed");
        assertThat(attempt.get("transcript").asText()).contains("Agent:", "User:");
        assertThat(attempt.get("summary").asText()).isNotEmpty();
        assertThat(attempt.get("recording_url").asText()).startsWith("https://");
        assertThat(attempt.at("/analysis/custom_analysis_data/outcome").asText()).isEqualTo("confirmed");
        assertThat(attempt.get("cost_usd").decimalValue()).isPositive();
    }

    @Test
    void fieldWritebackEndsInTheLedgerAndInTheWarehouse() {
        var requestId = system.requestCall(call(SUCCESS).put("contact_id", "contact-1"));
        system.awaitFinal(requestId);

        var task = createTask("field-writeback", object().put("request_id", requestId)
                .set("fields", object().put("preferred_language", "de").put("children", 2)));

        assertThat(task.get("state").asText()).isEqualTo("done");
        assertThat(task.get("contact_id").asText()).isEqualTo("contact-1");
        assertThat(tasks(requestId)).extracting(one -> one.get("task_id").asText()).contains(taskId(task));
        assertThat(states(system.call(requestId), "task")).containsExactly("done");
        var row = awaitWarehouse(taskId(task), "done");
        assertThat(row).containsEntry("type", "field-writeback").containsEntry("request_id", requestId);
        assertThat(RunningSystem.json(row.get("fields").toString()))
                .isEqualTo(object().put("preferred_language", "de").put("children", 2));
    }

    @Test
    void aRescheduledCallIsDialedWhenItIsDue() {
        var original = system.requestCall(call(SUCCESS).put("contact_id", "contact-2"));
        system.awaitFinal(original);
        var dueAt = OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(3);

        var task = createTask("reschedule-call",
                object().put("request_id", original).put("not_before", dueAt.toString()).put("reason", "is eating"));

        var requestId = task.at("/result/request_id").asText();
        assertThat(task.get("state").asText()).isEqualTo("open");
        assertThat(system.call(requestId).get("state").asText()).isEqualTo("scheduled");
        var call = system.awaitFinal(requestId);
        assertThat(call.get("outcome").asText()).isEqualTo("completed");
        assertThat(call.get("parent_request_id").asText()).isEqualTo(original);
        assertThat(call.get("contact_id").asText()).isEqualTo("contact-2");
        assertThat(OffsetDateTime.parse(call.at("/attempts/0/dialing_at").asText()))
                .isAfterOrEqualTo(dueAt.minus(Duration.ofMillis(1)));
        assertThat(system.dials(requestId)).hasSize(1);
        assertThat(system.dials(original)).hasSize(1);
        system.awaitEmptyOutbox(original);
        assertThat(system.eventTypes(original)).containsExactly("initiated", "started", "completed", "rescheduled");
        awaitWarehouse(taskId(task), "done");
    }

    @Test
    void deletingARescheduleUndoesTheCallThatItPlanned() {
        var original = system.requestCall(SUCCESS);
        system.awaitFinal(original);
        var task = createTask("reschedule-call", object().put("request_id", original).put("not_before", tomorrow()));
        var requestId = task.at("/result/request_id").asText();

        var deleted = system.delete("/api/v1/tasks/" + taskId(task) + "?reason=changed%20their%20mind", "business");

        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(200);
        assertThat(RunningSystem.json(deleted).at("/cancelled/0/request_id").asText()).isEqualTo(requestId);
        assertThat(system.call(requestId).get("state").asText()).isEqualTo("cancelled");
        assertThat(system.delete("/api/v1/tasks/" + taskId(task), "business").statusCode()).isEqualTo(200);
        assertThat(awaitWarehouse(taskId(task), "deleted")).containsEntry("reason", "changed their mind");
        system.awaitEmptyOutbox(requestId);
        assertThat(system.eventTypes(requestId)).containsExactly("not_placed");
        assertThat(system.dials(requestId)).isEmpty();
    }

    @Test
    void anIncomingCallIsNotedWithWhatIsKnownOfTheCaller() {
        var requestId = system.requestCall(call("+12065550142").put("contact_id", "contact-3"));
        system.awaitFinal(requestId);

        var task = createTask(
                "incoming-call", object().put("from_number", "+12065550142").put("to_number", "+14155550100"));

        assertThat(task.get("request_id").asText()).isEqualTo(requestId);
        assertThat(task.get("contact_id").asText()).isEqualTo("contact-3");
        assertThat(task.at("/result/last_outcome").asText()).isEqualTo("completed");
        assertThat(awaitWarehouse(taskId(task), "done")).containsEntry("type", "incoming-call");
    }

    @Test
    void aCallThatComesInAtRetellIsNotedAndTheAgentKnowsTheCaller() {
        var requestId = system.requestCall(
                call("+12065550143").put("contact_id", "contact-4").put("campaign", "recall"));
        system.awaitFinal(requestId);

        var answered = system.callIn("+12065550143", "+14155550100");

        assertThat(answered.statusCode()).as(answered.body()).isEqualTo(201);
        var incoming = RunningSystem.json(answered);
        assertThat(incoming.at("/retell_llm_dynamic_variables/campaign").asText()).isEqualTo("recall");
        assertThat(incoming.at("/metadata/last_request_id").asText()).isEqualTo(requestId);
        var callId = incoming.get("call_id").asText();
        var task = tasks(requestId).stream().filter(one -> one.path("call_id").asText().equals(callId)).findFirst();
        assertThat(task).hasValueSatisfying(one -> assertThat(one.get("type").asText()).isEqualTo("incoming-call"));
        assertThat(awaitWarehouse(taskId(task.get()), "done")).containsEntry("call_id", callId);
        // Nobody here asked for that call: its events are told under its own id.
        await().atMost(RunningSystem.PATIENCE).untilAsserted(
                () -> assertThat(system.eventTypes(callId)).containsExactly("started", "completed"));
    }

    @Test
    void aCallerWhomNobodyKnowsGoesOnWithoutContext() {
        var body = """
                {"event":"call_inbound","event_timestamp":1,"call_inbound":{"call_id":"call_of_a_stranger",\
                "from_number":"+12065550144","to_number":"+14155550100"}}""";

        var answer = system.postAsRetell("/retell/inbound", body);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(RunningSystem.json(answer)).isEqualTo(RunningSystem.json("{\"call_inbound\":{}}"));
    }

    @Test
    void theAgentWritesFieldsBackInTheMiddleOfACall() {
        var call = awaitAttempt(system.requestCall(LONG), "in_progress");
        var fields = object().put("email", "a@example.com");
        var function = function("field_writeback", call, object().set("fields", fields));

        var answer = system.postAsRetell("/retell/functions", function);
        var repeated = system.postAsRetell("/retell/functions", function);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(RunningSystem.json(answer).get("result").asText()).isEqualTo("done");
        assertThat(repeated.body()).isEqualTo(answer.body());
        assertThat(tasks(call.get("request_id").asText())).singleElement().satisfies(task -> {
            assertThat(task.get("actor").asText()).isEqualTo("retell-agent");
            assertThat(task.at("/fields/email").asText()).isEqualTo("a@example.com");
        });
        awaitWarehouse(RunningSystem.json(answer).get("task_id").asText(), "done");
        hangUp(call);
    }

    @Test
    void theAgentReschedulesTheCallThatItIsIn() {
        var call = awaitAttempt(system.requestCall(LONG), "in_progress");

        var answer = system.postAsRetell("/retell/functions",
                function("reschedule_call", call, object().put("not_before", tomorrow())));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(RunningSystem.json(answer).get("result").asText()).isEqualTo("rescheduled");
        assertThat(RunningSystem.json(answer).get("speak").asText()).isNotBlank();
        var task = tasks(call.get("request_id").asText()).get(0);
        assertThat(system.call(task.at("/result/request_id").asText()).get("state").asText()).isEqualTo("scheduled");
        hangUp(call);
    }

    @Test
    void aFunctionThatIsRefusedStillAnswersWithASentence() {
        var call = awaitAttempt(system.requestCall(LONG), "in_progress");

        var answer = system.postAsRetell("/retell/functions",
                function("reschedule_call", call, object().put("not_before", "whenever")));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(RunningSystem.json(answer).get("result").asText()).isEqualTo("rejected");
        assertThat(RunningSystem.json(answer).get("speak").asText()).isNotBlank();
        assertThat(tasks(call.get("request_id").asText())).isEmpty();
        hangUp(call);
    }

    @Test
    void anUnsignedFunctionIsRefused() {
        var function = "{\"name\":\"field_writeback\",\"call\":{\"call_id\":\"x\"}}";
        var answer = system.post("/retell/functions", null, function);

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    private static Map<String, String> withOneLine(ForeignRetell retell) {
        var settings = new HashMap<>(retell.settings());
        settings.put("retell.concurrency", "1");
        return settings;
    }

    private static ObjectNode object() {
        return RunningSystem.JSON.createObjectNode();
    }

    private static ObjectNode call(String toNumber) {
        return object().put("to_number", toNumber);
    }

    private static String tomorrow() {
        return OffsetDateTime.now(ZoneOffset.UTC).plusDays(1).withHour(15).toString();
    }

    /** A custom function as Retell posts it, for the call of a request. */
    private static String function(String name, JsonNode call, JsonNode args) {
        var function = object().put("name", name);
        function.putObject("call")
                .put("call_id", callId(call))
                .put("from_number", call.get("from_number").asText())
                .put("to_number", call.get("to_number").asText());
        return function.set("args", args).toString();
    }

    private static JsonNode createTask(String type, JsonNode body) {
        var response = system.post("/api/v1/tasks/" + type, "business", body.toString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return RunningSystem.json(response);
    }

    private static List<JsonNode> tasks(String requestId) {
        return RunningSystem.items(system.get("/api/v1/tasks?request_id=" + requestId, "business")).stream()
                .map(task -> RunningSystem.json(system.get("/api/v1/tasks/" + taskId(task), "business")))
                .toList();
    }

    private static Map<String, Object> awaitWarehouse(String taskId, String state) {
        return await("task in the warehouse").atMost(RunningSystem.PATIENCE).until(
                        () -> system.warehouse().sql("SELECT * FROM tasks WHERE task_id = ? AND state = ?")
                                .params(taskId, state).query().listOfRows(),
                        rows -> rows.size() == 1)
                .get(0);
    }

    private static JsonNode awaitAttempt(String requestId, String state) {
        return await("attempt " + state).atMost(RunningSystem.PATIENCE).until(() -> system.call(requestId),
                call -> call.at("/attempts/0/state").asText().equals(state));
    }

    private static JsonNode awaitEvent(String requestId, String type) {
        await("event " + type).atMost(RunningSystem.PATIENCE).until(() -> system.eventTypes(requestId).contains(type));
        var events = system.events(requestId);
        return events.get(system.eventTypes(requestId).indexOf(type));
    }

    private static void hangUp(JsonNode call) {
        assertThat(system.stopCall(callId(call)).statusCode()).isEqualTo(204);
    }

    private static String callId(JsonNode call) {
        return call.at("/attempts/0/call_id").asText();
    }

    private static String taskId(JsonNode task) {
        return task.get("task_id").asText();
    }

    /** The states that one kind of entry has on the timeline, in order. */
    private static List<String> states(JsonNode call, String kind) {
        return StreamSupport.stream(call.get("timeline").spliterator(), false)
                .filter(entry -> entry.get("kind").asText().equals(kind))
                .map(entry -> entry.path("state").asText())
                .toList();
    }
}
