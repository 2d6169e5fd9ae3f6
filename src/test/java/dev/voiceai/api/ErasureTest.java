package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static dev.voiceai.api.ContractSchemas.assertFits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.system.RunningSystem;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

class ErasureTest {
    private static final String PATH = "/api/v1/privacy/erasures";
    private static final String LATER = Instant.now().plus(30, ChronoUnit.DAYS).toString();
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final RunningSystem system = RunningSystem.shared();

    // --- Everything is gone ---

    @Test
    void nothingOfThePersonIsLeftInAnyStoreAndWhatIsCountedStays() {
        var person = new Person();
        var key = "call-" + person.number;
        var requestId = person.called(Map.of("Idempotency-Key", key));
        var callId = system.call(requestId).at("/attempts/0/call_id").asText();
        var inbound = person.callsIn();
        var task = json(system.post("/api/v1/tasks/field-writeback", "business", """
                {"call_id": "%s", "contact_id": "%s", "fields": {"note": "%s"}}""".formatted(callId, person.contact, person.word))
                .body()).get("task_id").asText();
        var waiting = person.asked(body -> body.put("not_before", LATER));
        system.post("/api/v1/do-not-call/check", "engage", "{\"numbers\": [\"" + person.number + "\"]}");
        park("call-events", person.event(callId, "call_analyzed"));
        park("call-events", person.event("call_unread", "call_started").replace("\"event\"", "\"poison\""));
        park("call-events", json("{\"event\": \"call_ended\", \"call_id\": \"call_of_another\"}").toString());
        system.awaitEmptyOutbox(requestId);
        system.awaitEmptyOutbox(inbound);

        var erasure = erased("{\"number\": \"%s\"}".formatted(person.number));

        for (String store : List.of("ledger", "outbox", "dead_letters", "warehouse", "retell")) {
            assertThat(erasure.at("/result/" + store + "/state").asText()).as(store).isEqualTo("done");
            assertThat(erasure.at("/result/" + store + "/at").asText()).as(store).isNotBlank();
        }
        assertThat(erasure.at("/result/ledger/requests").asInt()).isEqualTo(2);
        assertThat(erasure.at("/result/ledger/calls").asInt()).isEqualTo(2);
        assertThat(erasure.at("/result/ledger/numbers").asInt()).isEqualTo(1);
        assertThat(erasure.at("/result/ledger/contacts").asInt()).isEqualTo(1);
        assertThat(erasure.at("/result/dead_letters/messages").asInt()).isEqualTo(2);
        assertThat(erasure.at("/result/retell/calls").asInt()).isEqualTo(2);
        assertNowhere(person);
        assertThat(deadLetters("call_of_another")).hasSize(1);

        var call = system.call(requestId);
        assertFits("Call", call);
        assertThat(call.get("state").asText()).isEqualTo("done");
        assertThat(call.get("outcome").asText()).isEqualTo("completed");
        assertThat(call.at("/attempts/0/duration_ms").asLong()).isPositive();
        assertThat(call.has("to_number")).isFalse();
        assertThat(system.call(waiting).get("state").asText()).isEqualTo("cancelled");
        var counted = system.warehouse().sql("SELECT outcome, campaign FROM requests WHERE request_id = ?").param(requestId)
                .query().singleRow();
        assertThat(counted).containsEntry("OUTCOME", "completed").containsEntry("CAMPAIGN", "spring");
        assertThat(system.warehouse().sql("SELECT duration_ms FROM attempts WHERE request_id = ?").param(requestId)
                .query(Long.class).single()).isPositive();
        assertThat(system.warehouse().sql("SELECT COUNT(*) FROM call_events WHERE call_id = ?").param(callId).query(Long.class)
                .single()).isGreaterThanOrEqualTo(3);
        assertFits("Task", json(system.get("/api/v1/tasks/" + task, "operator").body()));
        assertFits("CallPage", json(system.get("/api/v1/calls?limit=5", "operator").body()));
        assertThat(atRetell(callId)).isEqualTo(422);
        assertThat(atRetell(inbound)).isEqualTo(422);
    }

    @Test
    void whatComesLaterAboutAnErasedCallBringsNobodyBack() {
        var person = new Person();
        var requestId = person.called(Map.of());
        var callId = system.call(requestId).at("/attempts/0/call_id").asText();
        var inbound = person.callsIn();
        erased("{\"contact_id\": \"%s\"}".formatted(person.contact));
        assertNowhere(person);

        for (String event : List.of("call_analyzed", "transcript_updated")) {
            for (String id : List.of(callId, inbound)) {
                var call = person.callObject(id, id.equals(inbound) ? null : requestId);
                assertThat(system.postAsRetell("/webhooks/retell", Outside.webhook(event, call)).statusCode()).isEqualTo(204);
                await().atMost(RunningSystem.PATIENCE).until(() -> system.ledger()
                        .sql("SELECT COUNT(*) FROM call_event_content WHERE call_id = ? AND event = ?").params(id, event)
                        .query(Long.class).single() >= (event.equals("call_analyzed") ? 2 : 1));
            }
        }
        system.awaitEmptyOutbox(requestId);
        system.awaitEmptyOutbox(inbound);

        assertNowhere(person);
        assertThat(system.call(requestId).get("timeline").findValuesAsText("state")).contains("transcript_updated");
        assertProblem(system.post("/api/v1/tasks/reschedule-call", "business",
                "{\"call_id\": \"%s\", \"not_before\": \"%s\"}".formatted(callId, LATER)), 404, "not-found");
    }

    @Test
    void aLiveCallIsLeftToEndAndNothingElseIsDialedMeanwhile() {
        var person = new Person();
        var live = person.asked(body -> body.putObject("dynamic_variables").put("sandbox_script", "long"));
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> system.call(live).at("/attempts/0/state").asText().equals("in_progress"));
        var waiting = person.asked(body -> body.put("not_before", LATER));

        var taskId = begin("{\"number\": \"%s\"}".formatted(person.number));

        var open = await().atMost(RunningSystem.PATIENCE).until(() -> task(taskId), task -> task.has("result"));
        assertThat(open.get("state").asText()).isEqualTo("open");
        assertThat(open.at("/result/ledger/waiting_for").asText()).isEqualTo("live_call");
        assertThat(system.call(waiting).get("state").asText()).isEqualTo("cancelled");
        assertProblem(system.delete("/api/v1/tasks/" + taskId, "business"), 409, "erasure-lasts");
        assertProblem(system.post("/api/v1/tasks/" + taskId + "/resolve", "business", "{\"resolution\": \"confirmed\"}"),
                409, "task-closed");
        system.stopCall(system.call(live).at("/attempts/0/call_id").asText());
        awaitDone(taskId);
        assertThat(system.call(live).get("state").asText()).isEqualTo("done");
        assertNowhere(person);
    }

    // --- Who is meant ---

    @Test
    void whoMerelySharesANumberIsNotErased() {
        var person = new Person();
        var other = new Person();
        var shared = person.number;
        person.called(Map.of());
        var kept = other.asked(body -> body.put("to_number", shared));
        system.awaitFinal(kept);

        var erasure = erased("{\"contact_id\": \"%s\"}".formatted(person.contact));

        assertThat(erasure.at("/result/ledger/requests").asInt()).isEqualTo(1);
        assertThat(erasure.at("/result/ledger/numbers").asInt()).isZero();
        assertThat(system.call(kept).get("to_number").asText()).isEqualTo(shared);
        assertThat(places(system.ledger(), person.contact)).isEmpty();

        erased("{\"number\": \"%s\"}".formatted(shared));
        assertThat(system.call(kept).has("to_number")).isFalse();
        assertThat(places(system.ledger(), shared)).isEmpty();
    }

    @Test
    void aPersonWhoIsNotKnownIsErasedTheSameWay() {
        var erasure = erased("{\"contact_id\": \"nobody-%s\"}".formatted(UUID.randomUUID()));

        assertThat(erasure.at("/result/ledger/requests").asInt()).isZero();
        assertThat(erasure.at("/result/retell/calls").asInt()).isZero();
    }

    // --- The wish not to be called ---

    @Test
    void aDoNotCallEntrySurvivesWithoutTheNumber() {
        var person = new Person();
        person.called(Map.of());
        system.post("/api/v1/do-not-call", "engage",
                "{\"contact_id\": \"%s\", \"source\": \"crm\", \"reason\": \"%s\"}".formatted(person.contact, person.word));
        erased("{\"contact_id\": \"%s\"}".formatted(person.contact));
        assertNowhere(person);

        var numbers = "{\"numbers\": [\"%s\"]}".formatted(person.number);
        var listed = json(system.post("/api/v1/do-not-call/check", "engage", numbers).body());
        assertFits("DoNotCallList", listed);
        assertThat(listed.at("/items/0/do_not_call").asBoolean()).isTrue();
        assertThat(listed.at("/items/0/source").asText()).isEqualTo("crm");
        var contacts = "{\"contact_id\": \"%s\"}".formatted(person.contact);
        assertThat(json(system.post("/api/v1/do-not-call/check", "engage", contacts).body()).at("/items/0/do_not_call").asBoolean())
                .isTrue();
        var dry = json(system.post("/api/v1/calls?dry_run=true", "engage", "{\"to_number\": \"%s\"}".formatted(person.number)).body());
        assertThat(dry.at("/reason/code").asText()).isEqualTo("do_not_call");
        var later = system.awaitFinal(system.requestCall(person.number));
        assertThat(later.get("state").asText()).isEqualTo("rejected");
        assertThat(later.at("/reason/code").asText()).isEqualTo("do_not_call");

        var removal = "{\"numbers\": [\"%s\"], \"reason\": \"asked to\"}".formatted(person.number);
        assertThat(json(system.post("/api/v1/do-not-call/remove", "operator", removal).body()).get("removed").asInt()).isEqualTo(1);
        assertThat(json(system.post("/api/v1/do-not-call/check", "engage", numbers).body()).at("/items/0/do_not_call").asBoolean())
                .isFalse();
        assertThat(system.awaitFinal(system.requestCall(person.number)).get("state").asText()).isEqualTo("done");
    }

    @Test
    void aWishThatComesWithALateAnalysisCounts() {
        var person = new Person();
        var requestId = person.called(Map.of());
        var callId = system.call(requestId).at("/attempts/0/call_id").asText();
        erased("{\"number\": \"%s\"}".formatted(person.number));

        var call = person.callObject(callId, requestId);
        ((ObjectNode) call.get("call_analysis")).putObject("custom_analysis_data").put("opt_out", true);
        system.postAsRetell("/webhooks/retell", Outside.webhook("call_analyzed", call));

        await().atMost(RunningSystem.PATIENCE).until(() -> json(system.post("/api/v1/do-not-call/check", "engage",
                "{\"numbers\": [\"%s\"]}".formatted(person.number)).body()).at("/items/0/do_not_call").asBoolean());
        assertNowhere(person);
    }

    // --- The contract ---

    @Test
    void aRepeatIsTheSameErasure() {
        var body = "{\"number\": \"%s\"}".formatted(new Person().number);
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

        var first = system.post(PATH, "operator", body, key);
        var second = system.post(PATH, "operator", body, key);

        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(first.headers().firstValue("Location")).hasValue("/api/v1/tasks/" + json(first.body()).get("task_id").asText());
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertProblem(system.post(PATH, "operator", "{\"contact_id\": \"other\"}", key), 409, "idempotency-key-reused");
    }

    @Test
    void onlyOperatorsErase() {
        assertProblem(system.post(PATH, "engage", "{\"contact_id\": \"c\"}"), 403, "forbidden");
        assertProblem(system.post(PATH, "business", "{\"contact_id\": \"c\"}"), 403, "forbidden");
        assertProblem(system.post(PATH, "operator", "{}"), 422, "validation");
        assertProblem(system.post("/api/v1/tasks/erasure", "business", "{\"contact_id\": \"c\"}"), 404, "not-found");
    }

    // --- Persons ---

    private final class Person {
        final String number = "+1206557" + "%04d".formatted(NEXT.incrementAndGet());
        final String contact = "erased-" + UUID.randomUUID();
        /** What is said of the person. */
        final String word = "word" + UUID.randomUUID().toString().replace("-", "");

        ObjectNode request() {
            var call = Client.JSON.createObjectNode().put("to_number", number).put("contact_id", contact).put("campaign", "spring");
            call.putObject("metadata").put("order", word);
            call.putObject("consent").put("basis", "form").put("obtained_at", "2026-01-01T00:00:00Z").put("reference", word);
            return call;
        }

        String asked(Consumer<ObjectNode> more) {
            var body = request();
            more.accept(body);
            return system.requestCall(body);
        }

        String called(Map<String, String> headers) {
            var response = system.post("/api/v1/calls", "engage", request().toString(), headers);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
            var requestId = json(response.body()).get("request_id").asText();
            assertThat(system.awaitFinal(requestId).get("state").asText()).isEqualTo("done");
            return requestId;
        }

        String callsIn() {
            var callId = json(system.callIn(number, system.setting("retell.from-number")).body()).get("call_id").asText();
            await().atMost(RunningSystem.PATIENCE).until(() -> system.ledger()
                    .sql("SELECT COUNT(*) FROM phone_call WHERE call_id = ? AND analyzed_at IS NOT NULL").param(callId)
                    .query(Long.class).single() == 1);
            return callId;
        }

        /** As Retell tells of it: all that the system must not keep again. */
        ObjectNode callObject(String callId, String requestId) {
            var call = Outside.call(requestId == null ? UUID.randomUUID().toString() : requestId, 1).put("call_id", callId)
                    .put("transcript", "Agent: " + word).put("recording_url", "https://recordings.example/" + word);
            if (requestId == null) {
                call.put("direction", "inbound").put("from_number", number).put("to_number", "+14155550100").remove("metadata");
            } else {
                call.put("to_number", number);
                ((ObjectNode) call.get("metadata")).put("contact_id", contact);
            }
            ((ObjectNode) call.get("call_analysis")).put("call_summary", word);
            call.putObject("retell_llm_dynamic_variables").put("name", word);
            return call;
        }

        String event(String callId, String event) {
            return Client.JSON.createObjectNode().put("schema", "call-event/1").put("event", event).put("call_id", callId)
                    .<ObjectNode>set("call", callObject(callId, UUID.randomUUID().toString())).toString();
        }
    }

    private String begin(String body) {
        var response = system.post(PATH, "operator", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        var task = json(response.body());
        assertFits("Task", task);
        assertThat(task.get("type").asText()).isEqualTo("erasure");
        assertThat(task.get("state").asText()).isEqualTo("open");
        return task.get("task_id").asText();
    }

    private JsonNode erased(String body) {
        return awaitDone(begin(body));
    }

    private JsonNode task(String taskId) {
        return json(system.get("/api/v1/tasks/" + taskId, "operator").body());
    }

    private JsonNode awaitDone(String taskId) {
        return await("erasure").atMost(RunningSystem.PATIENCE)
                .until(() -> task(taskId), task -> task.get("state").asText().equals("done"));
    }

    // --- Where anything is ---

    private void assertNowhere(Person person) {
        for (String text : List.of(person.number, person.contact, person.word)) {
            assertThat(places(system.ledger(), text)).as("ledger: " + text).isEmpty();
            assertThat(places(system.warehouse(), text)).as("warehouse: " + text).isEmpty();
            assertThat(deadLetters(text)).as("dead letters: " + text).isEmpty();
        }
    }

    /** Every table in which a text stands in any column of any row. */
    static List<String> places(JdbcClient database, String text) {
        var tables = database.sql("""
                SELECT table_name FROM information_schema.tables
                WHERE LOWER(table_schema) = 'public' AND table_type = 'BASE TABLE'""").query(String.class).list();
        assertThat(tables).hasSizeGreaterThanOrEqualTo(5);
        var places = new ArrayList<String>();
        for (String table : tables) {
            database.sql("SELECT * FROM \"" + table + "\"").query((row, number) -> text(row)).list().stream()
                    .filter(row -> row.contains(text)).forEach(row -> places.add(table + ": " + row));
        }
        return places;
    }

    private static String text(ResultSet row) throws SQLException {
        var text = new StringBuilder();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            text.append(row.getMetaData().getColumnLabel(i)).append('=').append(row.getString(i)).append(' ');
        }
        return text.toString();
    }

    private void park(String queue, String body) {
        var sqs = system.bean(SqsClient.class);
        sqs.sendMessage(send -> send.queueUrl("queue:" + queue + "-dlq").messageBody(body));
    }

    /** The dead letters in which a text stands. */
    private List<String> deadLetters(String text) {
        var sqs = system.bean(SqsClient.class);
        var found = new ArrayList<String>();
        for (String queue : List.of("queue:call-requests-dlq", "queue:call-events-dlq")) {
            var seen = new HashMap<String, Message>();
            List<Message> page;
            do {
                page = sqs.receiveMessage(receive -> receive.queueUrl(queue).maxNumberOfMessages(10).visibilityTimeout(30))
                        .messages();
                page.forEach(message -> seen.put(message.messageId(), message));
            } while (!page.isEmpty());
            for (Message message : seen.values()) {
                sqs.changeMessageVisibility(change ->
                        change.queueUrl(queue).receiptHandle(message.receiptHandle()).visibilityTimeout(0));
                if (message.body().contains(text)) {
                    found.add(message.body());
                }
            }
        }
        return found;
    }

    private int atRetell(String callId) {
        return new Client(system).send("GET", system.setting("retell.base-url") + "/v2/get-call/" + callId,
                        Map.of("Authorization", "Bearer " + system.setting("retell.api-key")), BodyPublishers.noBody())
                .statusCode();
    }
}
