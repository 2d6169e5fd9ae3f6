package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.system.RunningSystem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class WebhookProcessorTest {
    private static final String NUMBER = "+12065550100";
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;

    @AfterEach
    void heal() {
        outside.healthy();
    }

    @Test
    void eventsThatComeThriceAndBackwardsAreToldOnceAndInOrder() {
        var requestId = placed();
        var told = Outside.call(requestId, 1);
        for (String event : List.of("call_analyzed", "call_analyzed", "call_ended", "call_started", "call_ended", "call_started")) {
            say(event, told);
        }

        var call = system.awaitFinal(requestId);
        awaitEvents(requestId, 3);

        assertThat(call.get("outcome").asText()).isEqualTo("completed");
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("initiated", "started", "completed");
        assertThat(system.call(requestId).get("timeline").findValuesAsText("state"))
                .containsOnlyOnce("call_started", "call_ended", "call_analyzed");
    }

    @Test
    void aCallThatNobodyAskedForIsToldUnderItsCallId() {
        var callId = "call_" + UUID.randomUUID();
        var call = Outside.call("r", 1).put("call_id", callId).put("direction", "inbound");
        call.remove("metadata");
        for (String event : List.of("call_started", "call_ended", "call_analyzed")) {
            say(event, call);
        }

        await().atMost(RunningSystem.PATIENCE).until(() -> outside.events(callId).equals(List.of("started", "completed")));
        system.awaitEmptyOutbox(callId);
        assertThat(system.warehouse().sql("SELECT COUNT(*) FROM call_events WHERE call_id = ? AND direction = 'inbound'")
                        .param(callId).query(Long.class).single())
                .isEqualTo(3);

        var shown = system.get("/api/v1/phone-calls/" + callId, "business");
        ContractSchemas.assertFits("PhoneCall", Client.json(shown.body()));
        assertThat(Client.json(shown.body()).get("to_number").asText()).isEqualTo(NUMBER);
        assertThat(Client.json(shown.body()).get("timeline").findValuesAsText("state"))
                .contains("call_started", "call_ended", "call_analyzed", "voice_ai.call.completed");
        var page = system.get("/api/v1/phone-calls?direction=inbound&requested=false&limit=1", "engage");
        ContractSchemas.assertFits("PhoneCallPage", Client.json(page.body()));
        assertThat(Client.json(page.body()).at("/items/0/call_id").asText()).isEqualTo(callId);
        assertThat(page.body()).doesNotContain(NUMBER);
    }

    @Test
    void thePagesOfAllCallsHaveEachOnce() {
        for (int i = 0; i < 3; i++) {
            say("call_started", Outside.call("r", 1).put("call_id", "call_" + UUID.randomUUID()).put("direction", "inbound"));
        }
        await().atMost(RunningSystem.PATIENCE).until(this::eventsAreTaken);
        var all = system.ledger().sql("SELECT COUNT(*) FROM phone_call").query(Long.class).single();

        var seen = new ArrayList<String>();
        var cursor = "";
        do {
            var page = Client.json(system.get("/api/v1/phone-calls?limit=2" + cursor, "operator").body());
            page.get("items").forEach(call -> seen.add(call.get("call_id").asText()));
            cursor = page.path("next_cursor").isTextual() ? "&cursor=" + page.get("next_cursor").asText() : null;
        } while (cursor != null);

        assertThat(seen).doesNotHaveDuplicates().hasSize(all.intValue());
        Client.assertProblem(system.get("/api/v1/phone-calls/call_nobody", "operator"), 404, "not-found");
        Client.assertProblem(system.get("/api/v1/phone-calls?direction=up", "operator"), 422, "validation");
    }

    @Test
    void anEventOfTheFutureIsKeptAndCausesNothing() {
        var requestId = placed();
        say("call_put_on_hold", Outside.call(requestId, 1));

        await().atMost(RunningSystem.PATIENCE).until(() ->
                system.call(requestId).get("timeline").findValuesAsText("state").contains("call_put_on_hold"));
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("initiated");
    }

    @Test
    void anEventThatIsAboutNoCallIsKept() {
        var body = "{\"event\": \"an_alert_whose_name_is_longer_than_any_of_the_events_of_today\", \"alert\": {\"id\": \"" + UUID.randomUUID() + "\"}}";
        assertThat(system.postAsRetell("/webhooks/retell", body).statusCode()).isEqualTo(204);

        await().atMost(RunningSystem.PATIENCE).until(() -> system.warehouse()
                .sql("SELECT COUNT(*) FROM call_events WHERE event LIKE 'an_alert_whose_name%'").query(Long.class).single() == 1);
    }

    @Test
    void eachTransferOfACallIsKept() {
        var requestId = placed();
        var call = Outside.call(requestId, 1);
        for (String destination : List.of("front desk", "back office", "front desk")) {
            var body = Client.JSON.createObjectNode().put("event", "transfer_started").put("transfer_destination", destination);
            body.set("call", call);
            assertThat(system.postAsRetell("/webhooks/retell", body.toString()).statusCode()).isEqualTo(204);
        }
        await().atMost(RunningSystem.PATIENCE).until(this::eventsAreTaken);

        system.awaitEmptyOutbox(requestId);
        assertThat(system.warehouse().sql("SELECT COUNT(*) FROM call_events WHERE call_id = ? AND event = 'transfer_started'")
                .param(Outside.callId(requestId, 1)).query(Long.class).single()).isEqualTo(2);
        assertThat(outside.events(requestId)).containsExactly("initiated");
    }

    @Test
    void aSecondAnalysisUpdatesTheDetailsAndClosesNothingAgain() {
        var requestId = placed();
        var call = Outside.call(requestId, 1);
        say("call_started", call);
        say("call_analyzed", call);
        system.awaitFinal(requestId);
        var again = call.deepCopy();
        ((ObjectNode) again.get("call_analysis")).put("call_summary", "Heard once more.").put("in_voicemail", true);
        say("call_analyzed", again);

        await().atMost(RunningSystem.PATIENCE).until(() ->
                system.call(requestId).at("/attempts/0/summary").asText().equals("Heard once more."));
        system.awaitEmptyOutbox(requestId);
        assertThat(system.call(requestId).get("outcome").asText()).isEqualTo("completed");
        assertThat(outside.events(requestId)).containsExactly("initiated", "started", "completed");
        assertThat(system.call(requestId).get("timeline").findValuesAsText("detail"))
                .contains("Told again, with other content.");
        assertThat(system.warehouse().sql("SELECT summary FROM attempts WHERE request_id = ?").param(requestId)
                .query(String.class).single()).isEqualTo("Heard once more.");
        assertThat(system.warehouse().sql("SELECT COUNT(*) FROM call_events WHERE request_id = ? AND event = 'call_analyzed'")
                .param(requestId).query(Long.class).single()).isEqualTo(2);
    }

    @Test
    void ofTwoAnalysesTheOneReceivedLastCountsWhicheverIsWorkedOnFirst() {
        var requestId = placed();
        var early = Outside.call(requestId, 1);
        var late = early.deepCopy();
        ((ObjectNode) early.get("call_analysis")).put("call_summary", "early").put("user_sentiment", "Neutral");
        ((ObjectNode) late.get("call_analysis")).put("call_summary", "late");

        send("call_analyzed", late, "2026-11-22T12:00:05.000Z");
        system.awaitFinal(requestId);
        send("call_analyzed", early, "2026-11-22T12:00:00.000Z");

        await().atMost(RunningSystem.PATIENCE).until(() ->
                system.call(requestId).at("/attempts/0/analysis/user_sentiment").asText().equals("Neutral"));
        assertThat(system.call(requestId).at("/attempts/0/summary").asText()).isEqualTo("late");
    }

    @Test
    void whatAnEarlierEventTellsLateDoesNotReplaceWhatALaterOneTold() {
        var requestId = placed();
        var analyzed = Outside.call(requestId, 1);
        say("call_analyzed", analyzed);
        system.awaitFinal(requestId);
        var started = analyzed.deepCopy().put("call_status", "ongoing");
        started.remove(List.of("call_analysis", "disconnection_reason", "end_timestamp", "duration_ms", "transcript"));
        say("call_started", started);

        awaitEvents(requestId, 2);
        assertThat(system.ledger().sql("SELECT call_status FROM phone_call WHERE request_id = ?").param(requestId)
                .query(String.class).single()).isEqualTo("ended");
    }

    /** The table can't know whether such a call had connected, its duration can. */
    @ParameterizedTest
    @CsvSource({"4000, 'initiated,started,failed'", "0, 'initiated,failed'"})
    void aStartThatComesAfterTheClosingEventIsNotTold(long duration, String told) {
        var requestId = placed();
        var call = Outside.call(requestId, 1).put("disconnection_reason", "brand_new_reason").put("duration_ms", duration);
        say("call_analyzed", call);
        system.awaitFinal(requestId);
        say("call_started", call);

        awaitEvents(requestId, 2);
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly(told.split(","));
    }

    @Test
    void theReasonThatOnlyTheEndToldDecidesTheOutcome() {
        var requestId = placed();
        var ended = Outside.call(requestId, 1).put("disconnection_reason", "dial_busy").put("call_status", "not_connected");
        say("call_ended", ended);
        awaitEvents(requestId, 1);
        var analyzed = ended.deepCopy();
        analyzed.remove("disconnection_reason");
        say("call_analyzed", analyzed);

        assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("not_reached");
    }

    @Test
    void metadataThatIsNotOursDoesNotStopAnEvent() {
        for (String metadata : List.of("{\"request_id\": 5, \"attempt\": \"x\"}", "{\"request_id\": \"" + "r".repeat(9_000) + "\"}", "{}")) {
            var callId = "call_" + UUID.randomUUID();
            var call = Outside.call("r", 1).put("call_id", callId).put("direction", "inbound");
            call.set("metadata", Client.json(metadata));
            say("call_analyzed", call);

            await(metadata).atMost(RunningSystem.PATIENCE).until(() -> outside.events(callId).contains("completed"));
        }
    }

    @Test
    void oddValuesOfACallCountAsAbsent() {
        var requestId = placed();
        var call = Outside.call(requestId, 1).put("agent_id", 7).put("recording_url", false).put("transcript", "a\u0000b");
        call.putObject("call_cost").put("combined_cost", "free");
        say("call_analyzed", call);

        var closed = system.awaitFinal(requestId);
        assertThat(closed.get("outcome").asText()).isEqualTo("completed");
        assertThat(closed.at("/attempts/0").has("cost_usd")).isFalse();
        assertThat(closed.at("/attempts/0/transcript").asText()).isEqualTo("ab");
        ContractSchemas.assertFits("Call", closed);
    }

    @Test
    void anEventThatWasTooLargeForTheQueueIsFetched() {
        var requestId = placed();
        var callId = Outside.callId(requestId, 1);
        var whole = Outside.call(requestId, 1).put("transcript", "Agent: " + "blah ".repeat(100_000));
        outside.retell.answer(request -> request.path().equals("/v2/get-call/" + callId)
                ? new Stub.Answer(200, whole.toString())
                : Outside.placed(request));
        var cut = whole.deepCopy();
        cut.remove("transcript");
        send("call_analyzed", cut, "2026-11-22T12:00:00.000Z", true);

        assertThat(system.awaitFinal(requestId).at("/attempts/0/transcript").asText()).hasSizeGreaterThan(400_000);
    }

    @Test
    void aTruncatedEventOfACallThatRetellHasDeletedCountsAsItCame() {
        var requestId = placed();
        var cut = Outside.call(requestId, 1);
        cut.remove("transcript");

        send("call_analyzed", cut, "2026-11-22T12:00:00.000Z", true);

        var call = system.awaitFinal(requestId);
        assertThat(call.get("outcome").asText()).isEqualTo("completed");
        assertThat(call.at("/attempts/0").has("transcript")).isFalse();
    }

    @Test
    void aSecondCallOfOneAttemptRaisesAnAlarmAndOverwritesNothing() {
        var requestId = placed();
        say("call_started", Outside.call(requestId, 1).put("call_id", "call_second_" + requestId));

        await().atMost(RunningSystem.PATIENCE).until(() ->
                system.call(requestId).get("timeline").findValuesAsText("state").contains("double_dial"));
        outside.complete(requestId, 1);
        var call = system.awaitFinal(requestId);
        assertThat(call.at("/attempts/0/call_id").asText()).isEqualTo(Outside.callId(requestId, 1));
        ContractSchemas.assertFits("Call", call);
    }

    // --- What the analysis says of an opt-out ---

    @ParameterizedTest
    @CsvSource({
        "true, true", "'\"true\"', true", "'\"Yes\"', true", "'\"1\"', true", "1, true",
        "false, false", "'\"no\"', false", "'\"\"', false", "null, false", "0, false", "'{\"true\": true}', false",
    })
    void theAnalysisSaysWhetherThePersonOptedOut(String value, boolean optedOut) {
        var number = number();
        var requestId = placed(number);
        var waiting = system.requestCall(Client.JSON.createObjectNode()
                .put("to_number", number).put("not_before", Instant.now().plus(1, ChronoUnit.DAYS).toString()));

        say("call_analyzed", optOut(Outside.call(requestId, 1).put("to_number", number), value));

        assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
        assertThat(system.call(waiting).get("state").asText()).isEqualTo(optedOut ? "rejected" : "scheduled");
        assertThat(source(number)).isEqualTo(optedOut ? "analysis" : null);
        system.awaitEmptyOutbox(waiting);
        assertThat(outside.events(waiting)).isEqualTo(optedOut ? List.of("not_placed") : List.of());
        assertThat(system.call(waiting).get("timeline").findValuesAsText("call_id")).isEmpty();
        assertThat(outside.events(requestId)).doesNotContain("not_placed");
    }

    @Test
    void anOptOutStopsTheRetryThatItsOwnEventWouldPlan() {
        var number = number();
        var requestId = placed(number);

        say("call_analyzed", optOut(Outside.call(requestId, 1).put("to_number", number), "true")
                .put("disconnection_reason", "concurrency_limit_reached"));

        var call = system.awaitFinal(requestId);
        assertThat(call.get("state").asText()).isEqualTo("done");
        assertThat(call.get("attempts")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inbound", "outbound"})
    void anOptOutInACallThatWeDidNotPlaceIsHeardToo(String direction) {
        var person = number();
        var ours = number();
        var callId = "call_" + UUID.randomUUID();
        var call = optOut(Outside.call("r", 1), "true").put("call_id", callId).put("direction", direction)
                .put("from_number", direction.equals("inbound") ? person : ours)
                .put("to_number", direction.equals("inbound") ? ours : person);
        call.remove("metadata");

        say("call_analyzed", call);

        await().atMost(RunningSystem.PATIENCE).until(() -> outside.events(callId).contains("completed"));
        assertThat(source(person)).isEqualTo("analysis");
        assertThat(source(ours)).isNull();
        assertThat(audit(person)).containsExactly(
                "retell do-not-call.added analysis: The analysis of a call says that the person asked not to be called.");
    }

    @Test
    void anOptOutFromAWithheldNumberDoesNotStopTheEvent() {
        var callId = "call_" + UUID.randomUUID();
        var call = optOut(Outside.call("r", 1), "true").put("call_id", callId).put("direction", "inbound").put("from_number", "anonymous");
        call.remove("metadata");

        say("call_analyzed", call);

        await().atMost(RunningSystem.PATIENCE).until(() -> outside.events(callId).contains("completed"));
    }

    @Test
    void aRepeatedAnalysisDoesNotUndoARemoval() {
        var number = number();
        var requestId = placed(number);
        var call = optOut(Outside.call(requestId, 1).put("to_number", number), "true");
        say("call_analyzed", call);
        system.awaitFinal(requestId);
        var removal = "{\"numbers\": [\"" + number + "\"], \"reason\": \"r\"}";
        assertThat(system.post("/api/v1/do-not-call/remove", "operator", removal).statusCode()).isEqualTo(200);

        say("call_analyzed", call);
        // A later event that has arrived, and an empty queue, show that the repeat was taken in.
        say("call_put_on_hold", Outside.call(requestId, 1));
        await().atMost(RunningSystem.PATIENCE).until(() ->
                system.call(requestId).get("timeline").findValuesAsText("state").contains("call_put_on_hold"));
        await().atMost(RunningSystem.PATIENCE).until(this::eventsAreTaken);

        assertThat(source(number)).isNull();
        assertThat(audit(number)).hasSize(2);
    }

    @Test
    void anOptOutCountsAlsoInASecondCallOfOneAttempt() {
        var number = number();
        var requestId = placed(number);

        say("call_analyzed", optOut(Outside.call(requestId, 1).put("to_number", number), "true").put("call_id", "call_second_" + requestId));

        await().atMost(RunningSystem.PATIENCE).until(() ->
                system.call(requestId).get("timeline").findValuesAsText("state").contains("double_dial"));
        assertThat(source(number)).isEqualTo("analysis");
    }

    private static ObjectNode optOut(ObjectNode call, String value) {
        ((ObjectNode) call.get("call_analysis")).putObject("custom_analysis_data").set("opt_out", Client.json(value));
        return call;
    }

    /** A number of one test alone. */
    private static String number() {
        return "+1206559%04d".formatted(NEXT.getAndIncrement());
    }

    private String source(String number) {
        return system.ledger().sql("SELECT do_not_call_source FROM person WHERE number = ? AND do_not_call = TRUE")
                .param(number).query(String.class).optional().orElse(null);
    }

    private List<String> audit(String number) {
        return system.ledger().sql("SELECT actor || ' ' || action || ' ' || detail FROM audit WHERE subject = ? ORDER BY id")
                .param("number/" + number).query(String.class).list();
    }

    private boolean eventsAreTaken() {
        var attributes = system.bean(SqsClient.class).getQueueAttributes(get -> get.queueUrl("queue:call-events")
                .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
        return attributes.attributes().values().stream().allMatch("0"::equals);
    }

    private String placed() {
        return placed(NUMBER);
    }

    private String placed(String number) {
        var requestId = system.requestCall(number);
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> system.call(requestId).at("/attempts/0/state").asText().equals("dialed"));
        return requestId;
    }

    private void say(String event, ObjectNode call) {
        assertThat(system.postAsRetell("/webhooks/retell", Outside.webhook(event, call)).statusCode()).isEqualTo(204);
    }

    private void send(String event, ObjectNode call, String receivedAt) {
        send(event, call, receivedAt, false);
    }

    /** As the forwarder does. */
    private void send(String event, ObjectNode call, String receivedAt, boolean truncated) {
        var message = Client.JSON.createObjectNode()
                .put("schema", "call-event/1").put("event", event).put("call_id", call.get("call_id").asText())
                .put("received_at", receivedAt).put("payload_sha256", "%064x".formatted(NEXT.getAndIncrement()))
                .put("truncated", truncated);
        message.set("call", call);
        system.bean(SqsClient.class).sendMessage(send -> send.queueUrl("queue:call-events").messageBody(message.toString()));
    }

    private void awaitEvents(String requestId, int count) {
        await().atMost(RunningSystem.PATIENCE).until(() -> system.ledger()
                .sql("SELECT COUNT(*) FROM call_event WHERE request_id = ?")
                .param(requestId)
                .query(Long.class)
                .single() == count);
    }
}
