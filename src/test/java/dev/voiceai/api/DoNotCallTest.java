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
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoNotCallTest {
    private static final String PATH = "/api/v1/do-not-call";
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final RunningSystem system = RunningSystem.shared();

    // --- Adding ---

    @Test
    void addingRejectsWhatWaitsForTheNumberInTheSameMoment() {
        var number = number();
        var waiting = new ArrayList<String>();
        for (String state : List.of("scheduled", "accepted", "queued", "held")) {
            var requestId = later(number, null);
            system.ledger().sql("UPDATE request SET state = ? WHERE request_id = ?").param(state).param(requestId).update();
            waiting.add(requestId);
        }
        var other = later(number(), null);

        var answer = json(add(number, null).body());

        assertFits("DoNotCallAdded", answer);
        assertThat(answer.get("added").asInt()).isEqualTo(1);
        assertThat(answer.get("cancelled").findValuesAsText("request_id")).containsExactlyElementsOf(waiting);
        for (String requestId : waiting) {
            var call = system.call(requestId);
            assertFits("Call", call);
            assertThat(call.get("state").asText()).isEqualTo("rejected");
            assertThat(call.at("/reason/code").asText()).isEqualTo("do_not_call");
            assertThat(call.at("/reason/rule").asText()).isEqualTo("do-not-call");
            assertThat(call.get("timeline")).anySatisfy(line -> {
                assertThat(line.path("state").asText()).isEqualTo("rejected");
                assertThat(line.path("actor").asText()).isEqualTo(system.setting("api-keys.engage").split(":")[0]);
            });
            system.awaitEmptyOutbox(requestId);
            assertThat(system.eventTypes(requestId)).containsExactly("not_placed");
            assertThat(system.warehouse().sql("SELECT state FROM requests WHERE request_id = ?").param(requestId)
                    .query(String.class).single()).isEqualTo("rejected");
        }
        assertThat(system.call(other).get("state").asText()).isEqualTo("scheduled");
    }

    @Test
    void aLiveCallGoesOnAndMakesNoFurtherAttempt() {
        var number = number();
        var requestId = system.requestCall(Client.JSON.createObjectNode().put("to_number", number)
                .set("dynamic_variables", json("{\"sandbox_script\": \"long\"}")));
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> system.call(requestId).at("/attempts/0/state").asText().equals("in_progress"));

        assertThat(json(add(number, null).body()).get("cancelled")).isEmpty();

        assertThat(system.call(requestId).get("state").asText()).isEqualTo("calling");
        assertThat(system.ledger().sql("SELECT retries_stopped FROM request WHERE request_id = ?").param(requestId)
                .query(Boolean.class).single()).isTrue();
        system.stopCall(system.call(requestId).at("/attempts/0/call_id").asText());
        assertThat(system.awaitFinal(requestId).get("state").asText()).isEqualTo("done");
    }

    @Test
    void aLaterRequestIsAcceptedAndThenRejected() {
        var number = number();
        add(number, null);

        var call = system.awaitFinal(system.requestCall(number));

        assertThat(call.get("state").asText()).isEqualTo("rejected");
        assertThat(call.at("/reason/code").asText()).isEqualTo("do_not_call");
        assertThat(call.get("attempts")).isEmpty();
    }

    @Test
    void theOpenRescheduleOfARejectedCallIsDone() {
        var number = number();
        var reschedule = json(system.post("/api/v1/tasks/reschedule-call", "business",
                "{\"request_id\": \"" + later(number, null) + "\", \"not_before\": \"" + inDays(2) + "\"}").body());

        var answer = json(add(number, null).body());

        assertThat(answer.at("/cancelled/0/request_id")).isEqualTo(reschedule.at("/result/request_id"));
        assertThat(json(system.get("/api/v1/tasks/" + reschedule.get("task_id").asText(), "business").body()).get("state").asText())
                .isEqualTo("done");
    }

    @Test
    void aRepeatGetsTheFirstAnswerAndAddsNothing() {
        var number = number();
        later(number, null);
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

        var first = system.post(PATH, "business", body(number, null), key);
        remove(number);
        var second = system.post(PATH, "business", body(number, null), key);

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(json(first.body()).get("cancelled")).hasSize(1);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(onTheList(number)).isFalse();
        assertProblem(system.post(PATH, "business", body(number(), null), key), 409, "idempotency-key-reused");
    }

    @Test
    void everyKindOfKeyAddsAndChecksAndOnlyOperatorsRemove() {
        var number = number();
        for (String role : List.of("engage", "business", "operator")) {
            assertThat(system.post(PATH, role, body(number, null)).statusCode()).isEqualTo(200);
            assertThat(system.post(PATH + "/check", role, "{\"numbers\": [\"" + number + "\"]}").statusCode()).isEqualTo(200);
        }
        var removal = "{\"numbers\": [\"" + number + "\"], \"reason\": \"r\"}";
        assertProblem(system.post(PATH + "/remove", "engage", removal), 403, "forbidden");
        assertProblem(system.post(PATH + "/remove", "business", removal), 403, "forbidden");
        assertThat(onTheList(number)).isTrue();
    }

    @Test
    void aListOfAThousandNumbersIsOneTransaction() {
        var numbers = IntStream.range(0, 1_000).mapToObj("\"+1206777%04d\""::formatted).toList();
        var answer = system.post(PATH, "engage",
                "{\"numbers\": " + numbers + ", \"source\": \"import\", \"reason\": \"r\"}", Map.of("Idempotency-Key", "thousand"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer.body()).get("added").asInt()).isEqualTo(1_000);
        assertThat(system.ledger().sql("SELECT COUNT(*) FROM person WHERE number LIKE '+1206777%' AND do_not_call = TRUE")
                .query(Long.class).single()).isEqualTo(1_000);
    }

    @Test
    void aListWithOneWrongNumberAddsNone() {
        var number = number();

        var problem = assertProblem(system.post(PATH, "engage",
                "{\"numbers\": [\"" + number + "\", \"+1206555\"], \"source\": \"s\", \"reason\": \"r\"}"), 422, "validation");

        assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/numbers/1");
        assertThat(onTheList(number)).isFalse();
    }

    // --- Which entry wins ---

    @ParameterizedTest
    @CsvSource({
        // the one there, the one that comes, the one that stays; in days
        "never, 1, never", "never, never, never", "1, never, never", "1, 2, 2", "2, 1, 2",
    })
    void aLaterEntryWinsUnlessItIsShorter(String first, String second, String stays) {
        var number = number();
        add("{\"numbers\": [\"%s\"], \"source\": \"first\", \"reason\": \"r\"%s}".formatted(number, until(first)));
        add("{\"numbers\": [\"%s\"], \"source\": \"second\", \"reason\": \"r\"%s}".formatted(number, until(second)));

        var entry = check("{\"numbers\": [\"" + number + "\"]}").get(0);

        assertThat(entry.get("do_not_call").asBoolean()).isTrue();
        assertThat(entry.path("until").asText("never")).isEqualTo(stays.equals("never") ? "never" : at(Integer.parseInt(stays)));
        assertThat(entry.get("source").asText()).isEqualTo(stays.equals(second) ? "second" : "first");
    }

    @Test
    void anEntryEndsByItself() {
        var number = number();
        add("{\"numbers\": [\"%s\"], \"source\": \"s\", \"reason\": \"r\"%s}".formatted(number, until("1")));
        system.ledger().sql("UPDATE person SET do_not_call_until = ? WHERE number = ?")
                .param(OffsetDateTime.now().minusMinutes(1)).param(number).update();

        assertThat(check("{\"numbers\": [\"" + number + "\"]}").get(0).has("until")).isFalse();
        assertThat(onTheList(number)).isFalse();
        assertThat(system.awaitFinal(system.requestCall(number)).get("state").asText()).isEqualTo("done");
        assertThat(remove(number)).isZero();
    }

    // --- Checking ---

    @Test
    void aCheckAnswersInTheOrderGivenAndMasksNumbers() {
        var on = number();
        var off = number();
        var before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        add(on, null);

        var items = check("{\"numbers\": [\"%s\", \"%s\", \"%s\"]}".formatted(off, on, off));

        assertThat(items).hasSize(3);
        assertThat(items.toString()).doesNotContain(on, off);
        assertThat(items.findValuesAsText("do_not_call")).containsExactly("false", "true", "false");
        assertThat(items.get(1).get("number").asText()).isEqualTo(on.substring(0, 5) + "•••" + on.substring(10));
        assertThat(items.get(1).get("source").asText()).isEqualTo("crm");
        assertThat(items.get(1).get("reason").asText()).isEqualTo("wrote a letter");
        assertThat(Instant.parse(items.get(1).get("since").asText())).isBetween(before, Instant.now());
        assertThat(items.get(0).size()).isEqualTo(2);
    }

    // --- Removing ---

    @Test
    void aRemovedNumberIsDialedAgainAndItsConsentStaysRevoked() {
        var number = number();
        add(number, null);
        var revoked = consentRevokedAt(number);

        assertThat(remove(number)).isEqualTo(1);

        assertThat(onTheList(number)).isFalse();
        assertThat(revoked).isNotNull();
        assertThat(consentRevokedAt(number)).isEqualTo(revoked);
        assertThat(system.awaitFinal(system.requestCall(number)).get("outcome").asText()).isEqualTo("completed");
        assertThat(remove(number)).isZero();
    }

    @Test
    void aRepeatedRemovalRemovesNothingThatWasAddedSince() {
        var number = number();
        add(number, null);
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        var removal = "{\"numbers\": [\"" + number + "\"], \"reason\": \"r\"}";

        var first = system.post(PATH + "/remove", "operator", removal, key);
        add(number, null);
        var second = system.post(PATH + "/remove", "operator", removal, key);

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(onTheList(number)).isTrue();
    }

    @Test
    void addingAndRemovingAreOnTheAuditTrail() {
        var number = number();
        add("{\"numbers\": [\"%s\"], \"source\": \"crm\", \"reason\": \"wrote a letter\", \"until\": \"2099-01-01T00:00:00Z\"}".formatted(number));
        remove(number);

        assertThat(audit("number/" + number)).containsExactly(
                actor("engage") + " do-not-call.added crm: wrote a letter (until 2099-01-01T00:00:00.000Z)",
                actor("operator") + " do-not-call.removed typing error");
    }

    // --- Contacts ---

    @Test
    void aContactIsEnteredWithEveryNumberThatItsRequestsWereSentTo() {
        var contact = "c-" + UUID.randomUUID();
        var numbers = List.of(number(), number());
        var requests = numbers.stream().map(number -> later(number, contact)).toList();
        var ofAnother = later(numbers.get(0), null);

        var answer = json(add(null, contact).body());

        assertThat(answer.get("added").asInt()).isEqualTo(3);
        assertThat(answer.get("cancelled").findValuesAsText("request_id"))
                .containsExactly(requests.get(0), requests.get(1), ofAnother);
        assertThat(numbers).allMatch(this::onTheList);
        var entry = check("{\"contact_id\": \"" + contact + "\"}").get(0);
        assertThat(entry.get("contact_id").asText()).isEqualTo(contact);
        assertThat(entry.get("do_not_call").asBoolean()).isTrue();
        assertThat(entry.has("number")).isFalse();
        assertThat(audit("contact/" + contact)).containsExactly(actor("engage") + " do-not-call.added crm: wrote a letter");
        assertThat(audit("number/" + numbers.get(1))).hasSize(1);
    }

    @Test
    void aContactThatIsRemovedTakesItsNumbersAlongButNoneThatOptedOutByItselfSince() {
        var contact = "c-" + UUID.randomUUID();
        var itself = number();
        var other = number();
        later(itself, contact);
        later(other, contact);
        add(null, contact);
        add("{\"numbers\": [\"" + itself + "\"], \"source\": \"letter\", \"reason\": \"wrote again\"}");

        var answer = system.post(PATH + "/remove", "operator", "{\"contact_id\": \"" + contact + "\", \"reason\": \"typing error\"}");

        assertFits("DoNotCallRemoved", json(answer.body()));
        assertThat(json(answer.body()).get("removed").asInt()).isEqualTo(2);
        assertThat(onTheList(itself)).isTrue();
        assertThat(onTheList(other)).isFalse();
        assertThat(check("{\"contact_id\": \"" + contact + "\"}").get(0).get("do_not_call").asBoolean()).isFalse();
        assertThat(system.ledger().sql("SELECT consent_revoked_at FROM contact WHERE contact_id = ?").param(contact)
                .query(OffsetDateTime.class).single()).isNotNull();
    }

    @Test
    void aContactThatNobodyKnowsYetCanBeEntered() {
        var contact = "c-" + UUID.randomUUID();

        var answer = json(add(null, contact).body());

        assertThat(answer).isEqualTo(json("{\"added\": 1, \"cancelled\": []}"));
        assertThat(check("{\"contact_id\": \"" + contact + "\"}").get(0).get("do_not_call").asBoolean()).isTrue();
        assertThat(check("{\"contact_id\": \"c-" + UUID.randomUUID() + "\"}").get(0).get("do_not_call").asBoolean()).isFalse();
    }

    // --- Whole calls ---

    @Test
    void whoOptsOutInACallIsNotCalledAgain() {
        var number = "+12065550117";
        remove(number);
        try {
            assertThat(system.awaitFinal(system.requestCall(number)).get("outcome").asText()).isEqualTo("completed");

            assertThat(check("{\"numbers\": [\"" + number + "\"]}").get(0).get("source").asText()).isEqualTo("analysis");
            var second = system.awaitFinal(system.requestCall(number));
            assertThat(second.get("state").asText()).isEqualTo("rejected");
            assertThat(second.at("/reason/code").asText()).isEqualTo("do_not_call");
            assertThat(second.get("attempts")).isEmpty();
        } finally {
            remove(number);
        }
    }

    /** Claims and opt-outs meet in the ledger: whichever commits first wins, and nothing is left between. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noDialStartsOnceAnOptOutWasAnswered(boolean onPostgres) {
        var raced = onPostgres ? Outside.shared().system : system;
        var number = number();
        var requests = new ArrayList<String>();
        IntStream.range(0, 10).forEach(i -> requests.add(raced.requestCall(number)));
        var adding = CompletableFuture.supplyAsync(() -> raced.post(PATH, "engage", body(number, null)));
        IntStream.range(0, 10).forEach(i -> requests.add(raced.requestCall(number)));
        assertThat(adding.join().statusCode()).isEqualTo(200);
        long dialed = attempts(raced, number);
        IntStream.range(0, 5).forEach(i -> requests.add(raced.requestCall(number)));

        for (String requestId : requests) {
            await().atMost(RunningSystem.PATIENCE)
                    .until(() -> List.of("rejected", "calling", "done").contains(raced.call(requestId).get("state").asText()));
            var call = raced.call(requestId);
            assertThat(call.get("attempts")).hasSize(call.get("state").asText().equals("rejected") ? 0 : 1);
        }
        assertThat(attempts(raced, number)).isEqualTo(dialed);
        // Nothing ends these calls on the shared system, which would ask about them for as long as it runs.
        raced.ledger().sql("UPDATE attempt SET state = 'ended' WHERE to_number = ? AND state = 'dialed'").param(number).update();
    }

    // --- Fixtures ---

    private static long attempts(RunningSystem raced, String number) {
        return raced.ledger().sql("SELECT COUNT(*) FROM attempt WHERE to_number = ?").param(number).query(Long.class).single();
    }

    /** A number of this test alone, at which the sandbox lets every call succeed. */
    private static String number() {
        return "+1206556%04d".formatted(NEXT.getAndIncrement());
    }

    private static String body(String number, String contact) {
        return "{%s, \"source\": \"crm\", \"reason\": \"wrote a letter\"}"
                .formatted(number == null ? "\"contact_id\": \"" + contact + "\"" : "\"numbers\": [\"" + number + "\"]");
    }

    private HttpResponse<String> add(String number, String contact) {
        return add(body(number, contact));
    }

    private HttpResponse<String> add(String body) {
        var answer = system.post(PATH, "engage", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private int remove(String number) {
        var answer = system.post(PATH + "/remove", "operator", "{\"numbers\": [\"" + number + "\"], \"reason\": \"typing error\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer.body()).get("removed").asInt();
    }

    private JsonNode check(String body) {
        var answer = system.post(PATH + "/check", "business", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertFits("DoNotCallList", json(answer.body()));
        return json(answer.body()).get("items");
    }

    private boolean onTheList(String number) {
        return check("{\"numbers\": [\"" + number + "\"]}").get(0).get("do_not_call").asBoolean();
    }

    private String later(String number, String contact) {
        var call = Client.JSON.createObjectNode().put("to_number", number).put("not_before", inDays(1));
        return system.requestCall(contact == null ? call : call.put("contact_id", contact));
    }

    private static String inDays(int days) {
        return Instant.now().plus(days, ChronoUnit.DAYS).truncatedTo(ChronoUnit.DAYS).toString();
    }

    /** As the API answers it. */
    private static String at(int days) {
        return inDays(days).replace("Z", ".000Z");
    }

    private static String until(String days) {
        return days.equals("never") ? "" : ", \"until\": \"" + inDays(Integer.parseInt(days)) + "\"";
    }

    private OffsetDateTime consentRevokedAt(String number) {
        return system.ledger().sql("SELECT consent_revoked_at FROM person WHERE number = ?").param(number)
                .query(OffsetDateTime.class).single();
    }

    private List<String> audit(String subject) {
        return system.ledger().sql("SELECT actor || ' ' || action || ' ' || detail FROM audit WHERE subject = ? ORDER BY id")
                .param(subject).query(String.class).list();
    }

    private String actor(String role) {
        return system.setting("api-keys." + role).split(":")[0];
    }
}
