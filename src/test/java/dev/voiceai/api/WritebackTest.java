package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static dev.voiceai.api.ContractSchemas.assertFits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.ledger.Ids;
import dev.voiceai.system.RunningSystem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of fields on their way to a CRM that may refuse, fail, hang or be away. */
class WritebackTest {
    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;
    private final String contact = "c-" + UUID.randomUUID();
    private final String requestId = request(contact);

    @AfterEach
    void heal() {
        outside.healthy();
    }

    @Test
    void fieldsReachTheCrmWithProof() {
        outside.crm.answer(request -> new Stub.Answer(201, "{\"id\": \"W-1\"}", Map.of("ETag", "\"v7\"")));

        var made = write("{\"email\": \"a@example.com\", \"size\": 42}");
        var task = awaitState(made, "done");

        assertThat(made.get("state").asText()).isEqualTo("open");
        assertThat(made.at("/result/writeback").asText()).isEqualTo("pending");
        var push = pushes(made).get(0);
        assertThat(push.path()).isEqualTo("/contacts");
        assertThat(push.header("Authorization")).isEqualTo("Bearer token_of_the_crm");
        assertThat(push.header("Content-type")).isEqualTo("application/json");
        assertThat(push.header("Idempotency-key")).isEqualTo(id(made));
        assertThat(push.json().get("fields")).isEqualTo(json("{\"email\": \"a@example.com\", \"size\": 42}"));
        assertThat(push.json().get("contact_id").asText()).isEqualTo(contact);
        assertThat(push.json().get("request_id").asText()).isEqualTo(requestId);
        var proof = task.get("result");
        assertThat(proof.get("writeback").asText()).isEqualTo("delivered");
        assertThat(proof.get("status").asInt()).isEqualTo(201);
        assertThat(proof.get("reference").asText()).isEqualTo("W-1");
        assertThat(proof.get("etag").asText()).isEqualTo("\"v7\"");
        assertThat(proof.get("sha256").asText()).isEqualTo(new Ids().sha256(push.text()));
        assertThat(Instant.parse(proof.get("answered_at").asText())).isBetween(
                Instant.parse(task.get("created_at").asText()), Instant.now());
        assertThat(task.get("history").findValuesAsText("to")).containsExactly("open", "done");
        assertThat(task.at("/history/1/actor").asText()).isEqualTo("crm");
    }

    @Test
    void fieldsOfOneContactArriveInTheirOrder() {
        outside.crm.goDown();
        var tasks = List.of(write("{\"n\": 1}"), write("{\"n\": 2}"), write("{\"n\": 3}"));
        outside.crm.comeBack();

        awaitState(tasks.get(2), "done");

        var sent = outside.crm.requests().stream().map(Stub.Request::json)
                .filter(push -> push.path("contact_id").asText().equals(contact)).toList();
        assertThat(sent).extracting(push -> push.at("/fields/n").asInt()).containsExactly(1, 2, 3);
        assertThat(sent).extracting(push -> push.get("sequence").asLong()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void fieldsOfAPersonWhoIsErasedNeitherLeaveNorStay() {
        outside.crm.goDown();
        var made = write("{\"note\": \"quokka\"}");
        var erasure = json(system.post("/api/v1/privacy/erasures", "operator", "{\"contact_id\": \"" + contact + "\"}").body());

        await().atMost(RunningSystem.PATIENCE)
                .until(() -> task(erasure).at("/result/outbox/state").asText().equals("done"));
        assertThat(system.ledger().sql("SELECT payload FROM outbox").query(String.class).list())
                .noneMatch(payload -> payload.contains("quokka") || payload.contains(contact));
        outside.crm.comeBack();
        await().atMost(RunningSystem.PATIENCE).until(() -> system.ledger()
                .sql("SELECT COUNT(*) FROM outbox WHERE sink = 'crm' AND state = 'pending'").query(Long.class).single() == 0);

        assertThat(pushes(made)).isEmpty();
        assertThat(task(made).get("state").asText()).isEqualTo("deleted");
    }

    @Test
    void whatTheCrmRefusesWaitsForAPersonWhoseCorrectionIsPushed() {
        outside.crm.answer(request -> new Stub.Answer(422, "{\"title\": \"Bad\", \"detail\": \"email is taken\"}"));
        var made = write("{\"email\": \"a@example.com\"}");
        var refused = awaitState(made, "needs_review");

        assertThat(refused.at("/result/writeback").asText()).isEqualTo("refused");
        assertThat(refused.at("/result/status").asInt()).isEqualTo(422);
        assertThat(refused.at("/result/answer").asText()).isEqualTo("email is taken");
        assertThat(refused.get("reason").asText()).isEqualTo("The CRM refused the fields: HTTP 422.");
        assertThat(pushes(made)).hasSize(1);
        for (String other : List.of("redial", "not_placed")) {
            var answer = resolve(made, "{\"resolution\": \"" + other + "\"}", 422);
            assertThat(answer.at("/errors/0/code").asText()).isEqualTo("not_applicable");
        }

        outside.healthy();
        var resolved = resolve(made, "{\"resolution\": \"corrected\", \"note\": \"asked\", "
                + "\"fields\": {\"email\": \"b@example.com\"}}", 200);
        var task = awaitState(made, "done");

        assertThat(resolved.get("state").asText()).isIn("open", "done");
        assertThat(pushes(made)).hasSize(2);
        var correction = pushes(made).get(1);
        assertThat(correction.json().get("fields")).isEqualTo(json("{\"email\": \"b@example.com\"}"));
        assertThat(correction.header("Idempotency-key")).startsWith(id(made) + "-");
        assertThat(task.get("fields")).isEqualTo(json("{\"email\": \"a@example.com\"}"));
        assertThat(task.at("/result/fields")).isEqualTo(json("{\"email\": \"b@example.com\"}"));
        assertThat(task.at("/result/writeback").asText()).isEqualTo("delivered");
        assertThat(task.get("result").has("failure")).isFalse();
        assertThat(task.get("history").findValuesAsText("to")).containsExactly("open", "needs_review", "open", "done");
        assertThat(task.get("history").findValuesAsText("from")).containsExactly("open", "needs_review", "open");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500, 401})
    void anAnswerThatProvesNothingIsAskedForAgainAndThenWaitsForAPerson(int status) {
        outside.crm.answer(request -> Stub.Answer.of(status));
        var made = write("{\"a\": 1}");
        var later = write("{\"a\": 2}");

        var unanswered = awaitState(made, "needs_review");
        outside.healthy();

        assertThat(unanswered.at("/result/writeback").asText()).isEqualTo("unanswered");
        assertThat(unanswered.at("/result/failure").asText()).isNotBlank();
        assertThat(pushes(made)).hasSize(3);
        assertThat(pushes(made)).extracting(push -> push.header("Idempotency-key")).containsOnly(id(made));
        assertThat(pushes(made)).extracting(Stub.Request::text).containsOnly(pushes(made).get(0).text());
        awaitState(later, "done");

        assertThat(resolve(made, "{\"resolution\": \"confirmed\"}", 200).get("state").asText()).isEqualTo("done");
        assertThat(pushes(made)).hasSize(3);
        assertThat(resolve(made, "{\"resolution\": \"confirmed\"}", 409).get("type").asText())
                .isEqualTo("/problems/task-closed");
    }

    @Test
    void aLostAnswerIsAskedForAgainUntilTheCrmSaysThatItHasTheFields() {
        outside.crm.hang();
        var made = write("{\"a\": 1}");
        await().atMost(RunningSystem.PATIENCE).until(() -> pushes(made).size() == 2);
        outside.crm.goOn();

        var task = awaitState(made, "done");

        assertThat(pushes(made)).extracting(push -> push.header("Idempotency-key")).containsOnly(id(made));
        assertThat(task.at("/result/writeback").asText()).isEqualTo("delivered");
    }

    @Test
    void aCrmThatIsAwayOrAsksToWaitIsWaitedForAndWhatIsDeletedMeanwhileNeverLeaves() {
        outside.crm.goDown();
        var deleted = write("{\"a\": 1}");
        var kept = write("{\"a\": 2}");
        await().atMost(RunningSystem.PATIENCE).until(() -> tries(deleted) >= 2);
        assertThat(resolve(kept, "{\"resolution\": \"confirmed\"}", 409).get("type").asText())
                .isEqualTo("/problems/writeback-under-way");

        var answer = json(system.delete("/api/v1/tasks/" + id(deleted), "business").body());

        assertFits("Task", answer);
        assertThat(answer.at("/cancelled/0/writeback").asText()).isEqualTo(id(deleted));
        assertThat(answer.at("/result/writeback").asText()).isEqualTo("cancelled");
        outside.crm.answer(request -> new Stub.Answer(503, "", Map.of("Retry-After", "1")));
        outside.crm.comeBack();
        await().atMost(RunningSystem.PATIENCE).until(() -> pushes(kept).size() >= 4);
        assertThat(task(kept).get("state").asText()).isEqualTo("open");
        outside.healthy();
        awaitState(kept, "done");
        assertThat(pushes(deleted)).isEmpty();
        assertThat(task(deleted).get("state").asText()).isEqualTo("deleted");
    }

    @Test
    void fieldsThatWereOnTheirWayWhenTheirTaskWasDeletedAreToldToHaveArrived() {
        outside.crm.hang();
        var made = write("{\"a\": 1}");
        await().atMost(RunningSystem.PATIENCE).until(() -> pushes(made).size() == 1);

        var answer = json(system.delete("/api/v1/tasks/" + id(made), "business").body());
        outside.crm.goOn();

        assertThat(answer.get("cancelled")).isEmpty();
        var told = await().atMost(RunningSystem.PATIENCE)
                .until(() -> task(made), task -> !task.at("/result/writeback").asText().equals("pending"));
        assertThat(told.get("state").asText()).isEqualTo("deleted");
        assertThat(told.at("/result/writeback").asText()).isEqualTo("delivered");
    }

    @Test
    void fieldsOfNobodyKnownAreNotGuessedToBeSomebodys() {
        var nobody = request(null);
        var made = json(system.post("/api/v1/tasks/field-writeback", "business",
                "{\"request_id\": \"" + nobody + "\", \"fields\": {\"a\": 1}}").body());

        assertThat(made.get("state").asText()).isEqualTo("needs_review");
        assertThat(made.at("/result/writeback").asText()).isEqualTo("no_contact");
        var missing = resolve(made, "{\"resolution\": \"corrected\", \"fields\": {\"a\": 1}}", 422);
        assertThat(missing.at("/errors/0/pointer").asText()).isEqualTo("/contact_id");
        resolve(made, "{\"resolution\": \"corrected\", \"fields\": {\"a\": 1}, \"contact_id\": \"" + contact
                + "\"}", 200);

        assertThat(awaitState(made, "done").get("contact_id").asText()).isEqualTo(contact);
        assertThat(pushes(made)).singleElement()
                .satisfies(push -> assertThat(push.json().get("contact_id").asText()).isEqualTo(contact));
    }

    @Test
    void aRepeatedFunctionPushesOnce() {
        var call = Client.JSON.createObjectNode().put("name", "field_writeback");
        call.putObject("args").put("contact_id", "c-other").putObject("fields").put("a", 1);
        call.set("call", Outside.call(requestId, 1));

        var first = json(system.postAsRetell("/retell/functions", call.toString()).body());
        var second = json(system.postAsRetell("/retell/functions", call.toString()).body());
        var task = awaitState(first, "done");

        assertThat(second).isEqualTo(first);
        assertThat(task.get("contact_id").asText()).isEqualTo(contact);
        assertThat(pushes(first)).hasSize(1);
    }

    // --- Fixtures ---

    private String request(String contactId) {
        var call = Client.JSON.createObjectNode().put("to_number", "+12065550100")
                .put("not_before", Instant.now().plus(1, ChronoUnit.DAYS).toString());
        return system.requestCall(contactId == null ? call : call.put("contact_id", contactId));
    }

    private JsonNode write(String fields) {
        var answer = system.post("/api/v1/tasks/field-writeback", "business",
                "{\"request_id\": \"" + requestId + "\", \"fields\": " + fields + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertFits("Task", json(answer.body()));
        return json(answer.body());
    }

    private JsonNode resolve(JsonNode task, String body, int status) {
        var answer = system.post("/api/v1/tasks/" + id(task) + "/resolve", "business", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return status == 200
                ? json(answer.body())
                : assertProblem(answer, status, json(answer.body()).get("type").asText().replace("/problems/", ""));
    }

    private JsonNode task(JsonNode made) {
        var answer = json(system.get("/api/v1/tasks/" + id(made), "operator").body());
        assertFits("Task", answer);
        return answer;
    }

    private JsonNode awaitState(JsonNode made, String state) {
        return await(id(made)).atMost(RunningSystem.PATIENCE)
                .until(() -> task(made), task -> task.get("state").asText().equals(state));
    }

    private static String id(JsonNode task) {
        return task.get("task_id").asText();
    }

    /** What the CRM was sent for a task, repeats included. */
    private List<Stub.Request> pushes(JsonNode task) {
        return outside.crm.requests().stream()
                .filter(request -> request.json().path("task_id").asText().equals(id(task))).toList();
    }

    /** How often the push of a task was tried in vain. */
    private int tries(JsonNode task) {
        return system.ledger().sql("SELECT COALESCE(MAX(attempts), 0) FROM outbox WHERE sink = 'crm' AND payload LIKE ?")
                .param("%" + id(task) + "%").query(Integer.class).single();
    }
}
