package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.forwarder.RetellSignature;
import dev.voiceai.system.RunningSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No personal data and no secret leaves the system where it does not belong. Numbers, names, words of a call and keys are
 * planted in everything that comes in, on the good ways and on those where something fails and the failure quotes them;
 * then every output is searched.
 */
class CanaryTest {
    private static final String REQUEST_ID = "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b";

    private static final SoftAssertions SOFTLY = new SoftAssertions();

    @TempDir
    private static Path folder;

    private static WatchedSystem system;
    private static Canaries canaries;

    /** What was last sent for a purpose, by what it stands for, so that a stub can quote it. */
    private static String refusedNumber;
    private static String lostNumber;
    private static String unstoppable;

    @BeforeAll
    static void everythingComesInAndEverythingGoesWrong() throws Exception {
        system = new WatchedSystem(folder);
        canaries = system.canaries;
        refusedNumber = canaries.number("number that Retell refuses");
        lostNumber = canaries.number("number whose dial has no answer");
        unstoppable = canaries.number("number of a call that can't be stopped");
        healthy();
        system.process.ready();
        // One that fails does not hide what the others let out.
        Stream.<ThrowingCallable>of(
                CanaryTest::aCallWithAllThatEngageMaySay,
                CanaryTest::callsOfOthersAndTheirOptOuts,
                CanaryTest::tasksAndFunctions,
                CanaryTest::peopleWhoAreNotToBeCalledOrForgotten,
                CanaryTest::badRequests,
                CanaryTest::refusedCallers,
                CanaryTest::retellRefuses,
                CanaryTest::theCollectorRefuses,
                CanaryTest::theCrmRefuses,
                CanaryTest::theEligibilityServiceFails,
                CanaryTest::theLedgerQuotesRows,
                CanaryTest::theWarehouseQuotesRows,
                CanaryTest::poisonOnBothQueues,
                CanaryTest::routesThatCanNotRun,
                CanaryTest::theLedgerGoesAway,
                CanaryTest::awaitEveryConsequence)
                .forEach(step -> SOFTLY.assertThatCode(step).doesNotThrowAnyException());
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    private static void healthy() {
        system.retell.answer(Outside::placed);
        system.abt.answer(request -> Stub.Answer.of(202));
        system.crm.answer(request -> Stub.Answer.of(204));
        system.eligibility.answer(request -> new Stub.Answer(200, "{\"eligible\": true}"));
    }

    // --- What comes in ---

    private static void aCallWithAllThatEngageMaySay() {
        var number = canaries.number("to_number");
        var requestId = system.accept("""
                {'to_number': '%s', 'contact_id': '%s', 'campaign': '%s', 'purpose': '%s', 'timezone': 'America/Los_Angeles',
                 'consent': {'basis': 'express_written', 'obtained_at': '2026-01-01T00:00:00Z', 'reference': '%s'},
                 'dynamic_variables': {'first_name': '%s', 'email': '%s@example.com', 'callback': '%s'},
                 'metadata': {'crm_case': '%s'}}"""
                .formatted(number, canaries.word("contact_id"), canaries.word("campaign"), canaries.word("purpose"),
                        canaries.word("reference of a consent"), canaries.word("name in dynamic_variables"),
                        canaries.word("e-mail in dynamic_variables"), canaries.number("number in dynamic_variables"),
                        canaries.word("metadata")));
        complete(requestId, call(requestId).put("to_number", number));
        for (String path : List.of("calls/" + requestId + "?reveal=true", "calls?limit=5", "phone-calls", "tasks", "dialing", "reports",
                "reports/funnel?campaign=" + canaries.word("campaign of a report"),
                "calls?contact_id=" + canaries.word("contact_id in a query"))) {
            system.done("GET", "/api/v1/" + path, "operator", "");
        }
        system.done("POST", "/api/v1/calls/search", "engage", "{'number': '%s'}".formatted(number));
        system.done("POST", "/api/v1/calls?dry_run=true", "engage", "{'to_number': '%s'}"
                .formatted(canaries.number("number of a dry run")));
        system.done("POST", "/api/v1/calls/batch", "engage", "{'calls': [{'to_number': '%s'}, {'to_number': '%s', 'contact_id': 7}]}"
                .formatted(canaries.number("number in a batch"), canaries.number("number of a bad item")));
        var later = system.accept("{'to_number': '%s', 'not_before': '%s'}"
                .formatted(canaries.number("number of a later call"), Instant.now().plusSeconds(86_400)));
        system.done("DELETE", "/api/v1/calls/" + later, "engage", "");
        var repeated = Map.of("X-API-Key", system.key("engage"), "Idempotency-Key", canaries.word("Idempotency-Key"));
        for (String other : List.of("first number of an Idempotency-Key", "second number of an Idempotency-Key")) {
            system.send("POST", "/api/v1/calls", repeated, "{'to_number': '%s'}".formatted(canaries.number(other)));
        }
    }

    /** A call as Retell tells of it, with all that a person said. */
    private static ObjectNode call(String requestId) {
        return said("a call", Outside.call(requestId, 1));
    }

    private static ObjectNode said(String where, ObjectNode call) {
        call.put("from_number", canaries.number("from_number of " + where))
                .put("transcript", "User: I am " + canaries.word("name in the transcript of " + where) + ", call me at "
                        + canaries.number("number in the transcript of " + where))
                .put("recording_url", "https://recordings.example.com/" + canaries.word("recording of " + where))
                .put("agent_name", canaries.word("agent_name of " + where));
        call.putObject("call_analysis").put("call_successful", true).put("in_voicemail", false)
                .put("call_summary", "Told " + canaries.word("summary of " + where) + " the date.")
                .putObject("custom_analysis_data").put("illness", canaries.word("analysis of " + where));
        call.putObject("collected_dynamic_variables").put("birthday", canaries.word("collected variable of " + where));
        return call;
    }

    private static void complete(String requestId, ObjectNode call) {
        await().atMost(RunningSystem.PATIENCE).until(() -> attempt(requestId).path("call_id").isTextual());
        for (String event : List.of("call_started", "call_ended", "call_analyzed", "transcript_updated")) {
            await().atMost(RunningSystem.PATIENCE).until(() ->
                    system.postAsRetell("/webhooks/retell", Outside.webhook(event, call)).statusCode() == 204);
        }
        await().atMost(RunningSystem.PATIENCE).until(() ->
                system.done("GET", "/api/v1/calls/" + requestId, "operator", "").path("final").asBoolean());
    }

    private static JsonNode attempt(String requestId) {
        return system.done("GET", "/api/v1/calls/" + requestId, "operator", "").at("/attempts/0");
    }

    private static void callsOfOthersAndTheirOptOuts() {
        var call = said("a call of others", Outside.call(REQUEST_ID, 1)).put("call_id", "call_of_others").put("direction", "inbound");
        call.remove("metadata");
        call.withObject("/call_analysis/custom_analysis_data").put("opt_out", true);
        system.postAsRetell("/webhooks/retell", Outside.webhook("call_analyzed", call));
        var inbound = "{'event': 'call_inbound', 'call_inbound': {'from_number': '%s', 'to_number': '+14155550123'}}";
        system.postAsRetell("/retell/inbound", inbound.formatted(canaries.number("caller")));
        system.postAsRetell("/retell/inbound", inbound.formatted(canaries.word("caller without a number")));
        await().atMost(RunningSystem.PATIENCE).until(() -> system.log().contains("call_of_others"));
    }

    private static void tasksAndFunctions() {
        var number = canaries.number("number of a call with tasks");
        var requestId = system.accept("{'to_number': '%s', 'contact_id': 'contact-of-tasks'}".formatted(number));
        complete(requestId, Outside.call(requestId, 1).put("to_number", number));
        var task = "/api/v1/tasks/";
        system.done("POST", task + "field-writeback", "business", "{'request_id': '%s', 'fields': {'email': '%s@example.com'}}"
                .formatted(requestId, canaries.word("field of a writeback")));
        system.done("POST", task + "set-disposition", "business", "{'request_id': '%s', 'disposition': 'ill', 'reason': '%s'}"
                .formatted(requestId, canaries.word("reason of a disposition")));
        system.done("POST", task + "reschedule-call", "business", "{'request_id': '%s', 'not_before': '%s', 'reason': '%s'}"
                .formatted(requestId, Instant.now().plusSeconds(86_400), canaries.word("reason of a reschedule")));
        var incoming = system.done("POST", task + "incoming-call", "business", "{'from_number': '%s', 'to_number': '+14155550123'}"
                .formatted(canaries.number("from_number of an incoming call")));
        system.done("DELETE", task + incoming.path("task_id").asText() + "?reason=" + canaries.word("reason of a deletion"), "business", "");
        system.done("POST", task + "do-not-call", "business", "{'request_id': '%s', 'reason': '%s'}"
                .formatted(requestId, canaries.word("reason of a do-not-call task")));
        for (String arguments : List.of(
                "'name': 'field_writeback', 'args': {'fields': {'note': '%s'}}".formatted(canaries.word("argument of a function")),
                "'name': 'reschedule_call', 'args': {'not_before': '%s'}".formatted(canaries.word("date of a function")),
                "'name': 'set_disposition', 'args': {'disposition': '%s'}".formatted(canaries.word("disposition of a function")),
                "'name': '%s'".formatted(canaries.word("name of a function")))) {
            system.postAsRetell("/retell/functions", "{%s, 'call': {'call_id': '%s', 'from_number': '%s', 'transcript': '%s'}}"
                    .formatted(arguments, Outside.callId(requestId, 1), number, number));
        }
    }

    private static void peopleWhoAreNotToBeCalledOrForgotten() {
        var list = "/api/v1/do-not-call";
        var number = canaries.number("number on the do-not-call list");
        system.done("POST", list, "engage", "{'numbers': ['%s'], 'source': '%s', 'reason': '%s'}".formatted(
                number, canaries.word("source of a do-not-call entry"), canaries.word("reason of a do-not-call entry")));
        system.done("POST", list, "engage", "{'contact_id': '%s', 'source': 'crm', 'reason': 'letter'}"
                .formatted(canaries.word("contact on the do-not-call list")));
        system.done("POST", list + "/check", "engage", "{'numbers': ['%s']}".formatted(number));
        system.accept("{'to_number': '%s'}".formatted(number));
        system.done("POST", list + "/remove", "operator", "{'numbers': ['%s'], 'reason': '%s'}"
                .formatted(number, canaries.word("reason of a removal")));
        var person = canaries.number("number of a person who is erased");
        var requestId = system.accept("{'to_number': '%s'}".formatted(person));
        complete(requestId, Outside.call(requestId, 1).put("to_number", person));
        system.done("POST", "/api/v1/privacy/exports", "operator", "{'number': '%s'}".formatted(person));
        system.done("POST", "/api/v1/privacy/erasures", "operator", "{'number': '%s'}".formatted(person));
        system.done("POST", "/api/v1/dialing/pause", "operator", "{'from_number': '%s', 'reason': 'maintenance'}"
                .formatted(canaries.number("number that is paused")));
        system.done("POST", "/api/v1/dialing/pause", "operator", "{'campaign': 'paused', 'reason': '%s'}"
                .formatted(canaries.word("reason of a pause")));
    }

    // --- What is refused ---

    private static void badRequests() throws IOException {
        var calls = "/api/v1/calls";
        for (String body : List.of(
                "{'to_number': '%s".formatted(canaries.number("number in broken JSON")),
                "%s".formatted(canaries.word("body that is no JSON")),
                "{'to_number': '%s'}".formatted(canaries.number("number without plus").substring(1)),
                "{'to_number': '%s9999999'}".formatted(canaries.number("number that is too long")),
                "{'to_number': '%s', 'metadata': {'request_id': '%s'}}".formatted(
                        canaries.number("number beside a name of ours"), canaries.word("name of ours in metadata")),
                "{'to_number': '%s', 'timezone': '%s'}".formatted(
                        canaries.number("number with a bad zone"), canaries.word("zone")),
                "{'to_number': '+12065550100', '%s': 1}".formatted(canaries.number("number as name of a field")),
                "{'to_number': '+12065550100', 'dynamic_variables': {'%s': 7}}".formatted(canaries.number("number as name of a variable")),
                "{'to_number': '+12065550100', 'dynamic_variables': {'a': ['%s']}}".formatted(canaries.word("value in a list")),
                "{'to_number': '+12065550100', 'from_number': '%s'}".formatted(canaries.number("from_number that is not ours")),
                "{'to_number': '+12065550100', 'not_before': '%s'}".formatted(canaries.word("time")),
                "{'to_number': '+12065550100', 'consent': '%s'}".formatted(canaries.word("consent")))) {
            assertThat(system.send("POST", calls, "engage", body).statusCode()).as(body).isBetween(400, 499);
        }
        system.send("POST", calls, Map.of("X-API-Key", system.key("engage"), "Content-Type", canaries.word("Content-Type")), "{}");
        system.send("POST", calls, Map.of("X-API-Key", system.key("engage"), "Content-Encoding", canaries.word("Content-Encoding")), "{}");
        for (String target : List.of(
                calls + "?cursor=" + canaries.word("cursor"), calls + "?state=" + canaries.word("state"),
                calls + "?" + canaries.word("parameter") + "=1", calls + "?number=%2B" + canaries.number("number in a query").substring(1),
                calls + "/" + canaries.number("number in a path"), "/" + canaries.word("path"),
                "/api/v1/tasks/" + canaries.word("task type"), "/api/v1/phone-calls/" + canaries.number("number as call_id"),
                "/api/v1/reports/" + canaries.word("view"), "/api/v1/dead-letters?error=" + canaries.word("error"))) {
            system.send("GET", target, "operator", "");
            system.send("POST", target, "business", "{}");
        }
        system.send("POST", "/api/v1/tasks/" + REQUEST_ID + "/resolve", "business", "{'resolution': 'confirmed', 'note': '%s'}"
                .formatted(canaries.word("note of a resolution")));
        system.send("POST", "/api/v1/do-not-call", "engage", "{'numbers': ['%s'], 'source': 's', 'reason': ''}"
                .formatted(canaries.number("number in a bad entry")));
        var key = "X-API-Key: " + system.key("engage") + "\r\nHost: x\r\nConnection: close\r\n";
        for (String request : List.of(
                "GET /api/v1/calls?<%s> HTTP/1.1\r\n".formatted(canaries.number("number in a target that is none")),
                "%s\u0001 / HTTP/1.1\r\n".formatted(canaries.word("method that is none")),
                "GET / %s\r\n".formatted(canaries.word("protocol that is none")),
                "GET /api/v1/calls HTTP/1.1\r\nX-%s\u0001: 1\r\n".formatted(canaries.word("header that is none")),
                "GET /api/v1/calls HTTP/1.1\r\nContent-Length: %s\r\n".formatted(canaries.word("length that is none")),
                "GET /api/v1/calls HTTP/1.1\r\nCookie: %s=\u0001\r\n".formatted(canaries.word("cookie")))) {
            system.sendRaw(request + key + "\r\n");
        }
    }

    private static void refusedCallers() {
        var token = canaries.plant("bearer token", system.provider.sign(system.provider.claims("voice-ai:engage")));
        system.send("GET", "/api/v1/calls", Map.of("Authorization", "Bearer " + token), "");
        system.send("GET", "/api/v1/audit", Map.of("Authorization", "Bearer " + token), "");
        for (var headers : List.of(
                Map.of("X-API-Key", canaries.word("wrong key")),
                Map.of("Authorization", "Bearer " + canaries.word("wrong bearer token")),
                Map.of("Authorization", "Basic " + canaries.word("basic credentials")),
                Map.of("Cookie", "session=" + canaries.word("session")))) {
            assertThat(system.send("GET", "/api/v1/calls", headers, "").statusCode()).isEqualTo(401);
        }
        system.send("GET", "/api/v1/calls?X-API-Key=" + canaries.word("key in a query"), Map.of(), "");
        for (String path : List.of("/webhooks/retell", "/retell/functions", "/retell/inbound")) {
            var signature = "v=" + Instant.now().toEpochMilli() + ",d=" + canaries.word("wrong signature of " + path);
            system.send("POST", path, Map.of(RetellSignature.HEADER, signature), "{'event': 'call_ended', 'name': '%s', 'number': '%s'}"
                    .formatted(canaries.word("name in " + path), canaries.number("number in " + path)));
            system.postAsRetell(path, "{'a': '" + canaries.word("broken body of " + path));
            system.postAsRetell(path, "{'event': 'told by %s', 'name': ['%s']}".formatted(
                    canaries.word("event of no kind in " + path), canaries.number("name of no kind in " + path)));
        }
    }

    // --- What the others answer ---

    private static void retellRefuses() {
        var words = canaries.word("key in an answer of Retell");
        var spelled = refusedNumber.replaceFirst("\\+1(...)(...)(....)", "($1) $2-$3");
        system.retell.answer(request -> {
            if (request.path().equals("/v2/create-phone-call") && request.text().contains(refusedNumber)) {
                return new Stub.Answer(400, "{\"status\": \"error\", \"message\": \"%s, %s: no route, key_%s\"}"
                        .formatted(refusedNumber, spelled, words));
            }
            if (request.text().contains(lostNumber) || request.path().startsWith("/v3/list-calls") || request.path().contains("stop-call")) {
                return new Stub.Answer(500, "{\"message\": \"%s\"}".formatted(request.text() + lostNumber));
            }
            return Outside.placed(request);
        });
        var refused = system.accept("{'to_number': '%s'}".formatted(refusedNumber));
        await().atMost(RunningSystem.PATIENCE).until(() ->
                system.done("GET", "/api/v1/calls/" + refused, "operator", "").path("final").asBoolean());
        system.accept("{'to_number': '%s'}".formatted(lostNumber));
        var live = system.accept("{'to_number': '%s'}".formatted(unstoppable));
        await().atMost(RunningSystem.PATIENCE).until(() -> attempt(live).path("call_id").isTextual());
        system.postAsRetell("/webhooks/retell", Outside.webhook("call_started", Outside.call(live, 1).put("to_number", unstoppable)));
        await().atMost(RunningSystem.PATIENCE).until(() -> attempt(live).path("state").asText().equals("in_progress"));
        assertThat(system.send("POST", "/api/v1/calls/" + live + "/stop", "operator", "").statusCode()).isEqualTo(502);
        system.postAsRetell("/webhooks/retell", Outside.webhook("call_started", said("a second call",
                Outside.call(live, 1).put("call_id", "call_that_nobody_expects"))));
        system.awaitLog("look-up failed", "alarm double_dial");
        system.retell.answer(Outside::placed);
    }

    private static void theCollectorRefuses() {
        var number = canaries.number("number of a call whose event is refused");
        system.abt.answer(request -> new Stub.Answer(400, request.text() + number));
        system.accept("{'to_number': '%s', 'contact_id': '%s'}".formatted(number, canaries.word("contact of a refused event")));
        system.awaitLog("parked: sink=abt");
        system.abt.answer(request -> new Stub.Answer(500, request.text() + number));
        system.accept("{'to_number': '%s'}".formatted(canaries.number("number of a call whose event fails")));
        system.awaitLog("not delivered: sink=abt");
        system.abt.answer(request -> Stub.Answer.of(202));
    }

    private static void theCrmRefuses() {
        for (int status : List.of(422, 500)) {
            system.crm.answer(request -> new Stub.Answer(status, "{\"detail\": \"%s\"}"
                    .formatted(request.text().replace('"', ' '))));
            var requestId = system.accept("{'to_number': '%s', 'contact_id': 'refused-%d'}"
                    .formatted(canaries.number("number of a call whose writeback meets " + status), status));
            system.done("POST", "/api/v1/tasks/field-writeback", "business", "{'request_id': '%s', 'fields': {'email': '%s', 'phone': '%s'}}"
                    .formatted(requestId, canaries.word("field that the CRM answers with " + status),
                            canaries.number("number that the CRM answers with " + status)));
            await().atMost(RunningSystem.PATIENCE).until(() ->
                    !system.done("GET", "/api/v1/tasks?state=needs_review&request_id=" + requestId, "operator", "").path("items").isEmpty());
        }
        system.awaitLog("not delivered: sink=crm");
        system.crm.answer(request -> Stub.Answer.of(204));
    }

    private static void theEligibilityServiceFails() {
        var reason = canaries.number("number in a reason of the eligibility service");
        system.eligibility.answer(request -> new Stub.Answer(500, request.text()));
        system.accept("{'to_number': '%s'}".formatted(canaries.number("number whose eligibility is not known")));
        system.awaitLog("no eligibility");
        system.eligibility.answer(request -> new Stub.Answer(200, "{\"eligible\": false, \"reason\": \"%s\"}"
                .formatted(reason.substring(1))));
        var requestId = system.accept("{'to_number': '%s'}".formatted(canaries.number("number that is not eligible")));
        await().atMost(RunningSystem.PATIENCE).until(() ->
                system.done("GET", "/api/v1/calls/" + requestId, "operator", "").path("final").asBoolean());
        system.eligibility.answer(request -> new Stub.Answer(200, "{\"eligible\": true}"));
    }

    private static void theLedgerQuotesRows() {
        var number = canaries.number("number in a row that the ledger refuses");
        var word = canaries.word("word in a row that the ledger refuses");
        var constraints = Map.of(
                "request", "to_number <> '%s'".formatted(number), "phone_call", "from_number <> '%s'".formatted(number),
                "task", "fields NOT LIKE '%%%s%%' AND fields NOT LIKE '%%%s%%'".formatted(number, word),
                "person", "COALESCE(do_not_call_reason, '') <> '%s'".formatted(word));
        constraints.forEach((table, rule) ->
                system.ledger.sql("ALTER TABLE %s ADD CONSTRAINT canary CHECK (%s) NOT VALID".formatted(table, rule)).update());
        var call = "{'to_number': '%s', 'contact_id': '%s'}".formatted(number, word);
        assertThat(system.send("POST", "/api/v1/calls", "engage", call).statusCode()).isEqualTo(500);
        system.send("POST", "/api/v1/calls/batch", "engage", "{'calls': [%s]}".formatted(call));
        system.send("POST", "/api/v1/do-not-call", "engage", "{'numbers': ['%s'], 'source': 's', 'reason': '%s'}"
                .formatted(number, word));
        system.send("POST", "/api/v1/tasks/incoming-call", "business", "{'from_number': '%s', 'to_number': '+14155550123'}"
                .formatted(number));
        var known = system.accept("{'to_number': '%s'}"
                .formatted(canaries.number("number of a call with a function that fails")));
        system.postAsRetell("/retell/functions", "{'name': 'field_writeback', 'args': {'fields': {'note': '%s'}}, 'call': {'call_id': '%s'}}"
                .formatted(word, awaitCallId(known)));
        system.postAsRetell("/retell/inbound",
                "{'event': 'call_inbound', 'call_inbound': {'from_number': '%s', 'to_number': '+14155550123'}}".formatted(number));
        var strange = Outside.call(REQUEST_ID, 1).put("call_id", "call_that_the_ledger_refuses")
                .put("from_number", number).put("transcript", word);
        strange.remove("metadata");
        system.postAsRetell("/webhooks/retell", Outside.webhook("call_started", strange));
        system.awaitLog("request failed: route=", "item failed", "function failed", "inbound without context");
    }

    private static String awaitCallId(String requestId) {
        return await().atMost(RunningSystem.PATIENCE).until(() -> attempt(requestId).path("call_id").asText(), id -> !id.isEmpty());
    }

    private static void theWarehouseQuotesRows() {
        var campaign = canaries.word("campaign that the warehouse refuses");
        system.warehouse.sql("ALTER TABLE requests ALTER COLUMN campaign VARCHAR(20)").update();
        system.accept("{'to_number': '%s', 'campaign': 'too long for %s'}"
                .formatted(canaries.number("number that the warehouse refuses"), campaign));
        system.awaitLog("the warehouse refused a row");
    }

    private static void poisonOnBothQueues() {
        var event = "{'schema': 'call-event/1', 'event': '%s', 'call_id': '%s', 'request_id': '%s', 'attempt': '%s',"
                + " 'received_at': '2026-11-26T10:00:00Z', 'payload_sha256': '%s', 'call': {'from_number': '%s', 'transcript': '%s'}}";
        var sha256 = "0a".repeat(32);
        for (String queue : List.of("call-requests", "call-events")) {
            var attributes = Map.of("note", canaries.word("attribute on " + queue), "CamelHttpUri", canaries.word("header on " + queue));
            system.sendToQueue(queue, "I am %s, %s"
                    .formatted(canaries.word("name on " + queue), canaries.number("number on " + queue)), attributes);
            system.sendToQueue(queue, "{'schema': '%s', '%s': 1}".formatted(
                    canaries.word("schema on " + queue), canaries.number("name of a field on " + queue)), Map.of());
        }
        system.sendToQueue("call-requests", "{'schema': 'call-request/1', 'request_id': '%s', 'attempt': 1}"
                .formatted(canaries.number("request_id on call-requests")), Map.of());
        for (String message : List.of(
                event.formatted("ended by " + canaries.number("number in the name of an event"), "call_with_an_event", REQUEST_ID, "1", sha256, "", ""),
                event.formatted("call_ended", canaries.number("number as call_id of an event"), REQUEST_ID, "1", sha256, "", ""),
                event.formatted("call_ended", "call_with_a_request", canaries.number("number as request_id of an event"), "1", sha256, "", ""),
                event.formatted("call_ended", "call_with_an_attempt", REQUEST_ID, canaries.word("attempt of an event"), sha256, "", ""),
                event.formatted("call_ended", "call_of_poison", REQUEST_ID, "1", canaries.word("hash of an event"),
                        canaries.number("from_number of an event"), canaries.word("transcript of an event")))) {
            system.sendToQueue("call-events", message, Map.of());
        }
    }

    private static void routesThatCanNotRun() throws IOException {
        var added = system.routes.folder().resolve("added.camel.yaml");
        Files.writeString(added, """
                - route:
                    id: added
                    from:
                      uri: direct:added
                      steps:
                        - to:
                            uri: direct:nowhere
                """);
        system.awaitLog("routes refused");
        Files.delete(added);
        system.send("POST", "/api/v1/routes/rollback", "operator", "{'version': 7, 'reason': '%s'}"
                .formatted(canaries.word("reason of a rollback")));
    }

    private static void theLedgerGoesAway() {
        system.ledgerLink.cut();
        await().atMost(RunningSystem.PATIENCE).until(() -> system.send("POST", "/api/v1/calls", "engage",
                "{'to_number': '+12065550100', 'contact_id': 'contact-of-an-outage'}").statusCode() == 503);
        system.management("/actuator/health");
        system.ledgerLink.restore();
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> system.send("GET", "/api/v1/calls", "operator", "").statusCode() == 200);
    }

    private static void awaitEveryConsequence() {
        system.awaitLog("message failed: route=process-call-request", "message failed: route=process-call-event");
        await("dead letters").atMost(RunningSystem.PATIENCE).until(() -> system.items("/api/v1/dead-letters").stream()
                .map(letter -> letter.path("source").asText()).collect(Collectors.toCollection(TreeSet::new))
                .equals(new TreeSet<>(List.of("call-events", "call-requests", "outbox"))));
        await("empty queues").atMost(RunningSystem.PATIENCE)
                .until(() -> system.waiting("call-requests") + system.waiting("call-events") == 0);
    }

    // --- What comes out ---

    static Stream<Arguments> outputs() {
        return Stream.of(
                output("what the process prints: the log as JSON, and the start banner", () -> system.process.output()),
                output("the log as text", () -> system.log()),
                output("traces", () -> system.traces.received()),
                output("metrics", () -> system.management("/actuator/prometheus")),
                output("health", () -> system.management("/actuator/health"), "reason of a pause"),
                output("problems and the headers of answers", () -> system.answers()),
                output("URLs and headers of requests to others", () -> system.requests()),
                output("activity events", () -> system.events(), "campaign", "campaign that the warehouse refuses", "contact_id",
                        "contact of a refused event", "metadata"),
                output("dead letters", () -> system.deadLetters()),
                output("reasons beside dead letters",
                        () -> system.reasons(), "attribute on call-events", "attribute on call-requests"),
                output("versions of the routes", () -> system.done("GET", "/api/v1/routes", "operator", "").toString()),
                output("audit trail", () -> system.items("/api/v1/audit").toString(), "reason of a pause", "contact on the do-not-call list"));
    }

    /** @param allowed what belongs into this output, by what it stands for */
    private static Arguments output(String name, Supplier<String> text, String... allowed) {
        return Arguments.of(name, text, List.of(allowed));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputs")
    void noCanaryIsIn(String name, Supplier<String> output, List<String> allowed) {
        var text = output.get();

        assertThat(text).isNotBlank();
        assertThat(canaries.in(text)).filteredOn(hit -> allowed.stream().noneMatch(what -> hit.startsWith(what + ": "))).isEmpty();
    }

    @Test
    void everythingWentWrongThatShould() {
        SOFTLY.assertAll();
    }

    /** Else a canary that is not found proves nothing. */
    @Test
    void theCanariesAreInside() {
        var dials = system.retell.requests().stream().map(Stub.Request::text).collect(Collectors.joining("\n"));
        var writebacks = system.crm.requests().stream().map(Stub.Request::text).collect(Collectors.joining("\n"));
        var rows = system.ledger.sql("SELECT transcript || summary || custom_analysis || recording_url FROM phone_call WHERE transcript IS NOT NULL")
                .query(String.class).list().toString();

        assertThat(canaries.namesIn(dials)).contains("to_number", "RETELL_FROM_NUMBER", "name in dynamic_variables", "metadata");
        assertThat(canaries.namesIn(writebacks)).contains("field of a writeback", "number that the CRM answers with 422");
        assertThat(canaries.namesIn(rows)).contains("number in the transcript of a call", "summary of a call", "analysis of a call");
    }
}
