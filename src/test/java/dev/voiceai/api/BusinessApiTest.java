package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static dev.voiceai.api.ContractSchemas.assertFits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.system.RunningSystem;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BusinessApiTest {
    private static final String SUCCESS = "+12065550100";
    /** Answers 500 and places nothing: nobody knows, until the look-ups have found nothing. */
    private static final String SERVER_ERROR = "+12065550109";

    private final RunningSystem system = RunningSystem.shared();

    @Test
    void everyTaskAnswersAsTheContractSays() {
        var requestId = later(null);
        for (var task : Map.of(
                        "field-writeback", "{\"request_id\": \"" + requestId + "\", \"fields\": {\"size\": {\"eu\": 42}}}",
                        "reschedule-call", reschedule(requestId),
                        "set-disposition", "{\"request_id\": \"" + requestId + "\", \"disposition\": \"interested\", \"reason\": \"said so\"}",
                        "incoming-call", "{\"from_number\": \"" + SUCCESS + "\", \"to_number\": \"+14155550100\"}",
                        "do-not-call", "{\"request_id\": \"" + laterTo("+12065570100") + "\", \"reason\": \"r\", \"until\": \"" + inDays(3) + "\"}")
                .entrySet()) {
            var made = run(task.getKey(), task.getValue());
            var location = made.headers().firstValue("Location").orElseThrow();
            var found = system.get(location, "operator");

            assertFits("Task", json(made.body()));
            assertThat(json(made.body()).get("type").asText()).isEqualTo(task.getKey());
            assertThat(found.statusCode()).isEqualTo(200);
            assertThat(json(found.body())).isEqualTo(json(made.body()));
        }
    }

    @Test
    void aRepeatGetsTheFirstAnswerAndRunsNoSecondTask() {
        var requestId = later("c-" + UUID.randomUUID());
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

        var first = system.post("/api/v1/tasks/reschedule-call", "business", reschedule(requestId), key);
        var second = system.post("/api/v1/tasks/reschedule-call", "business", reschedule(requestId), key);
        var other = system.post("/api/v1/tasks/reschedule-call", "business", reschedule(requestId).replace("}", ", \"reason\": \"x\"}"), key);

        assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(tasksOf(requestId)).hasSize(1);
        assertProblem(other, 409, "idempotency-key-reused");
    }

    @Test
    void aWritebackKeepsTheContactThatItNamesElseTheOneOfTheCall() {
        var requestId = later("c-of-the-call");

        var inherited = run("field-writeback", "{\"request_id\": \"" + requestId + "\", \"fields\": {\"a\": 1}}");
        var named = run("field-writeback", "{\"request_id\": \"" + requestId + "\", \"fields\": {\"a\": 1}, \"contact_id\": \"c-2\"}");

        assertThat(json(inherited.body()).get("contact_id").asText()).isEqualTo("c-of-the-call");
        assertThat(json(named.body()).get("contact_id").asText()).isEqualTo("c-2");
        assertThat(json(named.body()).get("fields")).isEqualTo(json("{\"a\": 1}"));
        assertThat(system.call(requestId).at("/timeline").findValuesAsText("kind")).contains("task");
    }

    @Test
    void aNewerRescheduleOfAContactSupersedesTheOlder() {
        var requestId = later("c-" + UUID.randomUUID());
        var older = json(run("reschedule-call", reschedule(requestId)).body());
        var newer = json(run("reschedule-call", reschedule(older.at("/result/request_id").asText())).body());

        assertThat(task(older).get("state").asText()).isEqualTo("superseded");
        assertThat(task(older).get("history").findValuesAsText("from")).containsExactly("open");
        assertThat(task(older).get("history").findValuesAsText("to")).containsExactly("open", "superseded");
        assertThat(task(older).at("/history/1/actor")).isEqualTo(newer.get("actor"));
        assertThat(task(newer).get("state").asText()).isEqualTo("open");
        assertThat(system.call(requestId).get("state").asText()).isEqualTo("cancelled");
        assertThat(system.call(older.at("/result/request_id").asText()).get("state").asText()).isEqualTo("cancelled");
        assertThat(system.call(newer.at("/result/request_id").asText()).get("state").asText()).isEqualTo("scheduled");
    }

    @Test
    void cancellingTheNewCallEndsItsReschedule() {
        var made = json(run("reschedule-call", reschedule(later("c-" + UUID.randomUUID()))).body());

        system.delete("/api/v1/calls/" + made.at("/result/request_id").asText(), "engage");

        assertThat(task(made).get("state").asText()).isEqualTo("done");
    }

    @Test
    void aDeletedTaskTellsWhatItUndidAndDeletingItAgainChangesNothing() {
        var made = json(run("reschedule-call", reschedule(later("c-" + UUID.randomUUID()))).body());
        var path = "/api/v1/tasks/" + made.get("task_id").asText();

        var first = system.delete(path + "?reason=changed%20their%20mind", "business");
        var second = system.delete(path + "?reason=again", "business");

        assertThat(first.statusCode()).isEqualTo(200);
        assertFits("Task", json(first.body()));
        assertThat(json(first.body()).at("/cancelled/0/request_id")).isEqualTo(made.at("/result/request_id"));
        assertThat(json(first.body()).get("reason").asText()).isEqualTo("changed their mind");
        assertThat(second.statusCode()).isEqualTo(200);
        assertFits("Task", json(second.body()));
        assertThat(json(second.body()).get("cancelled")).isEmpty();
        assertThat(json(second.body()).get("state").asText()).isEqualTo("deleted");
        assertThat(json(second.body()).get("reason").asText()).isEqualTo("changed their mind");
        assertThat(json(second.body()).get("history").findValuesAsText("to")).containsExactly("open", "deleted");
    }

    @Test
    void aWritebackWithoutACrmIsKeptHere() {
        var made = json(run("field-writeback", "{\"request_id\": \"" + later("c-1") + "\", \"fields\": {\"a\": 1}}").body());

        assertThat(made.get("state").asText()).isEqualTo("done");
        assertThat(made.get("result")).isEqualTo(json("{\"writeback\": \"kept\"}"));
        assertThat(json(system.delete("/api/v1/tasks/" + made.get("task_id").asText(), "business").body()).get("cancelled")).isEmpty();
    }

    @Test
    void settlingTheCallOfARescheduleClosesBothOfItsTasks() {
        var parent = later("c-" + UUID.randomUUID());
        system.ledger().sql("UPDATE request SET to_number = ? WHERE request_id = ?").params(SERVER_ERROR, parent).update();
        var made = json(run("reschedule-call",
                "{\"request_id\": \"" + parent + "\", \"not_before\": \"" + Instant.now().plusMillis(1500) + "\"}").body());
        var requestId = made.at("/result/request_id").asText();
        system.awaitState(requestId, "unknown");
        var review = tasksOf(requestId).get(0).get("task_id").asText();

        var answer = system.post("/api/v1/tasks/" + review + "/resolve", "business", "{\"resolution\": \"not_placed\", \"note\": \"asked\"}");

        assertThat(json(answer.body()).get("task_id").asText()).as(answer.body()).isEqualTo(review);
        assertThat(json(answer.body()).get("state").asText()).isEqualTo("done");
        assertThat(json(answer.body()).get("reason").asText()).isEqualTo("asked");
        assertThat(task(made).get("state").asText()).isEqualTo("done");
        assertThat(task(made).has("reason")).isFalse();
    }

    @Test
    void aTaskWhoseCallIsLiveIsNotDeleted() {
        var parent = later("c-" + UUID.randomUUID());
        system.ledger().sql("UPDATE request SET to_number = '+12065550119' WHERE request_id = ?").param(parent).update();
        var made = json(run("reschedule-call",
                "{\"request_id\": \"" + parent + "\", \"not_before\": \"" + Instant.now().plusMillis(1500) + "\"}").body());
        var requestId = made.at("/result/request_id").asText();
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> system.call(requestId).at("/attempts/0/state").asText().equals("in_progress"));

        assertProblem(system.delete("/api/v1/tasks/" + made.get("task_id").asText(), "business"), 409, "call-live");

        assertThat(system.stopCall(system.call(requestId).at("/attempts/0/call_id").asText()).statusCode()).isEqualTo(204);
        system.awaitFinal(requestId);
        assertThat(task(made).get("state").asText()).isEqualTo("done");
    }

    @Test
    void aListOfTasksIsPagedAndShowsNoFields() {
        var requestId = later(null);
        for (int i = 0; i < 3; i++) {
            run("field-writeback", "{\"request_id\": \"" + requestId + "\", \"fields\": {\"secret\": 1}}");
        }
        var path = "/api/v1/tasks?request_id=" + requestId + "&type=field-writeback&state=done&limit=2";

        var first = page(path);
        var second = page(path + "&cursor=" + first.get("next_cursor").asText());

        assertThat(first.get("items")).hasSize(2);
        assertThat(second.get("items")).hasSize(1);
        assertThat(second.hasNonNull("next_cursor")).isFalse();
        assertThat(first.toString()).doesNotContain("secret");
    }

    @Test
    void aPersonSettlesWhatNobodyKnows() {
        var resolutions = List.of("confirmed", "corrected", "not_placed");
        var requests = resolutions.stream().map(any -> system.requestCall(SERVER_ERROR)).toList();
        for (int i = 0; i < resolutions.size(); i++) {
            var requestId = requests.get(i);
            assertFits("Call", system.awaitState(requestId, "unknown"));
            var open = tasksOf(requestId).get(0);
            assertThat(open.get("state").asText()).isEqualTo("needs_review");
            var path = "/api/v1/tasks/" + open.get("task_id").asText() + "/resolve";
            var body = "{\"resolution\": \"" + resolutions.get(i) + "\", \"note\": \"asked\""
                    + (i == 1 ? ", \"fields\": {\"outcome\": \"voicemail\"}}" : "}");

            var answer = system.post(path, "business", body);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertFits("Task", json(answer.body()));
            assertThat(json(answer.body()).get("state").asText()).isEqualTo("done");
            var call = system.call(requestId);
            assertFits("Call", call);
            assertThat(call.get("state").asText()).isEqualTo("done");
            assertThat(call.at("/reason/code").asText()).isEqualTo(resolutions.get(i));
            assertThat(call.get("outcome").asText()).isEqualTo(List.of("completed", "voicemail", "failed").get(i));
            assertProblem(system.post(path, "operator", body), 409, "task-closed");
        }
    }

    @Test
    void aPersonMayAskForOneFurtherAttempt() {
        var requestId = system.requestCall(SERVER_ERROR);
        system.awaitState(requestId, "unknown");
        var task = tasksOf(requestId).get(0).get("task_id").asText();

        assertThat(system.post("/api/v1/tasks/" + task + "/resolve", "operator", "{\"resolution\": \"redial\"}").statusCode())
                .isEqualTo(200);

        await().atMost(RunningSystem.PATIENCE).until(() -> system.dials(requestId).size() == 2);
        var call = system.awaitState(requestId, "unknown");
        assertThat(call.at("/attempts/1/policy_row").asText()).isEqualTo("resolved");
        assertThat(tasksOf(requestId)).hasSize(2);
    }

    @Test
    void aTaskThatIsDoneNeedsNoReview() {
        var made = json(run("incoming-call", "{\"from_number\": \"+12065550177\", \"to_number\": \"+14155550100\"}").body());

        assertProblem(
                system.post("/api/v1/tasks/" + made.get("task_id").asText() + "/resolve", "business", "{\"resolution\": \"confirmed\"}"),
                409, "task-closed");
    }

    @Test
    void aDoNotCallTaskFindsThePersonThroughTheRequestAndDeletingItTakesNothingBack() {
        var number = "+12065570101";
        var requestId = laterTo(number);
        var other = laterTo(number);

        var made = json(run("do-not-call", "{\"request_id\": \"" + requestId + "\", \"reason\": \"asked for it\"}").body());

        assertThat(made.get("state").asText()).isEqualTo("done");
        assertThat(made.get("reason").asText()).isEqualTo("asked for it");
        assertThat(made.get("request_id").asText()).isEqualTo(requestId);
        assertThat(made.at("/result/cancelled").findValuesAsText("request_id")).containsExactly(requestId, other);
        assertThat(system.call(other).get("state").asText()).isEqualTo("rejected");
        assertThat(optOut(number)).isEqualTo("task: asked for it");

        var deleted = json(system.delete("/api/v1/tasks/" + made.get("task_id").asText(), "business").body());

        assertThat(deleted.get("state").asText()).isEqualTo("deleted");
        assertThat(deleted.get("cancelled")).isEmpty();
        assertThat(optOut(number)).isEqualTo("task: asked for it");
    }

    @Test
    void aDoNotCallTaskOfACallThatWeDidNotPlaceFindsTheOtherEnd() {
        for (String direction : List.of("inbound", "outbound")) {
            var callId = "call_" + UUID.randomUUID();
            var person = direction.equals("inbound") ? "+12065570102" : "+12065570103";
            var call = Outside.call("r", 1).put("call_id", callId).put("direction", direction)
                    .put("from_number", direction.equals("inbound") ? person : "+14155550100")
                    .put("to_number", direction.equals("inbound") ? "+14155550100" : person);
            call.remove("metadata");
            assertThat(system.postAsRetell("/webhooks/retell", Outside.webhook("call_ended", call)).statusCode()).isEqualTo(204);
            await().atMost(RunningSystem.PATIENCE).until(() -> system.ledger()
                    .sql("SELECT COUNT(*) FROM phone_call WHERE call_id = ?").param(callId).query(Long.class).single() == 1);

            var made = json(run("do-not-call", "{\"call_id\": \"" + callId + "\"}").body());

            assertThat(made.get("call_id").asText()).isEqualTo(callId);
            assertThat(made.has("request_id")).isFalse();
            assertThat(made.get("result")).isEqualTo(json("{\"cancelled\": []}"));
            assertThat(optOut(person)).isEqualTo("task: The person asked not to be called.");
        }
        assertThat(system.ledger().sql("SELECT COUNT(*) FROM person WHERE number = '+14155550100' AND do_not_call = TRUE")
                .query(Long.class).single()).isZero();
    }

    @Test
    void aCallThatShowsNoNumberLeadsToNobody() {
        var callId = "call_" + UUID.randomUUID();
        var call = Outside.call("r", 1).put("call_id", callId).put("direction", "inbound").put("from_number", "anonymous");
        call.remove("metadata");
        system.postAsRetell("/webhooks/retell", Outside.webhook("call_ended", call));
        await().atMost(RunningSystem.PATIENCE).until(() -> system.ledger()
                .sql("SELECT COUNT(*) FROM phone_call WHERE call_id = ?").param(callId).query(Long.class).single() == 1);

        assertProblem(system.post("/api/v1/tasks/do-not-call", "business", "{\"call_id\": \"" + callId + "\"}"), 422, "no-number");
    }

    // --- Fixtures ---

    /** Source and reason of a number's entry in the do-not-call list. */
    private String optOut(String number) {
        return system.ledger()
                .sql("SELECT do_not_call_source || ': ' || do_not_call_reason FROM person WHERE number = ? AND do_not_call = TRUE")
                .param(number).query(String.class).single();
    }

    private String laterTo(String number) {
        return system.requestCall(Client.JSON.createObjectNode().put("to_number", number).put("not_before", inDays(1)));
    }

    private HttpResponse<String> run(String type, String body) {
        var answer = system.post("/api/v1/tasks/" + type, "business", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return answer;
    }

    private JsonNode task(JsonNode made) {
        return json(system.get("/api/v1/tasks/" + made.get("task_id").asText(), "business").body());
    }

    private JsonNode page(String path) {
        var answer = system.get(path, "business");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertFits("TaskPage", json(answer.body()));
        return json(answer.body());
    }

    private List<JsonNode> tasksOf(String requestId) {
        var items = new ArrayList<JsonNode>();
        page("/api/v1/tasks?request_id=" + requestId).get("items").forEach(items::add);
        return items;
    }

    private String later(String contact) {
        var call = Client.JSON.createObjectNode().put("to_number", SUCCESS).put("not_before", inDays(1));
        if (contact != null) {
            call.put("contact_id", contact);
        }
        return system.requestCall(call);
    }

    private static String reschedule(String requestId) {
        return "{\"request_id\": \"" + requestId + "\", \"not_before\": \"" + inDays(2) + "\"}";
    }

    private static String inDays(int days) {
        return Instant.now().plus(days, ChronoUnit.DAYS).truncatedTo(ChronoUnit.HOURS).toString();
    }
}
