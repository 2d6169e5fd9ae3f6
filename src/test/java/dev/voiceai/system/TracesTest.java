package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.system.HttpStub.Answer;
import dev.voiceai.system.TraceCollector.Span;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One trace follows one call, and tells nothing of the person called. */
class TracesTest {
    private static final String ENGAGE = "b7ad6b7169203331";
    private static final String CANARY = "canary-5d21b8";
    private static final Set<String> PATH = Set.of(
            "voice-api", "accept-call", "deliver-call-requests", "receive-call-request", "claim-attempt", "place-call",
            "receive-webhook", "receive-call-event", "call-started", "call-ended", "call-analyzed", "post-abt", "flush-warehouse");

    private static TraceCollector collector;
    private static ForeignSqs sqs;
    private static HttpStub abt;
    private static RunningSystem system;

    @BeforeAll
    static void start() {
        collector = new TraceCollector();
        sqs = new ForeignSqs();
        abt = new HttpStub(request -> Answer.of(202));
        var settings = new HashMap<>(collector.settings());
        settings.putAll(sqs.settings());
        settings.put("abt.url", abt.url() + "/events");
        settings.put("crm.url", abt.url() + "/contacts");
        system = RunningSystem.start(settings);
    }

    @AfterAll
    static void stop() {
        system.close();
        abt.close();
        sqs.close();
        collector.close();
    }

    @Test
    void oneCallIsOneTreeFromEngageToTheWarehouse() {
        var traceId = newTrace();
        var call = call("+12065550100").put("contact_id", CANARY + "-contact");
        call.putObject("metadata").put("note", CANARY + "-metadata");
        call.putObject("dynamic_variables").put("first_name", CANARY + "-name");
        var requestId = request(call, traceId);
        system.awaitFinal(requestId);
        system.awaitEmptyOutbox(requestId);

        var trace = awaitTree(traceId, PATH, 3);

        var dial = only(trace, "place-call");
        assertThat(dial.attributes()).containsEntry("http.response.status_code", "201").containsEntry("request_id", requestId)
                .containsEntry("attempt", "1").containsEntry("box", "call-processor").containsEntry("peer.service", "retell")
                .containsKey("call_id");
        assertThat(only(trace, "accept-call").attributes()).containsEntry("request_id", requestId);
        assertThat(trace).filteredOn(span -> Set.of("receive-webhook", "receive-call-event").contains(span.name())).hasSize(6)
                .allMatch(span -> span.parentId().equals(dial.spanId()));
        assertThat(trace.stream().filter(span -> span.name().equals("post-abt")).map(span -> span.attributes().get("kind")))
                .containsExactlyInAnyOrder("voice_ai.call.initiated", "voice_ai.call.started", "voice_ai.call.completed");
        assertThat(trace).noneMatch(Span::failed).allMatch(span -> span.resource().get("service.name").equals("voice-ai"));
        assertThat(abt.requests().stream().map(HttpStub.Request::traceparent))
                .containsAll(trace.stream().filter(span -> span.name().equals("post-abt"))
                        .map(span -> "00-" + traceId + "-" + span.spanId() + "-01").toList());
        assertThat(collector.received()).doesNotContain("2065550100", CANARY, system.key("engage"));
        assertThat(collector.received()).doesNotContain(transcript(requestId).lines().toList());
    }

    @Test
    void aCallThatIsDialedLaterStaysInItsTrace() {
        var traceId = newTrace();
        var requestId = request(call("+12065550102").put("not_before", Instant.now().plusSeconds(2).toString()), traceId);
        assertThat(system.call(requestId).get("state").asText()).isEqualTo("scheduled");
        system.awaitFinal(requestId);

        var trace = awaitTree(traceId, Set.of("queue-due-request", "place-call", "call-analyzed", "flush-warehouse"), 2);

        assertThat(trace).noneMatch(span -> span.name().equals("queue-due-requests"));
    }

    @Test
    void aCallWhoseAnswerIsLostIsLookedUpInItsTrace() {
        var traceId = newTrace();
        var requestId = request(call("+12065550107"), traceId);
        system.awaitFinal(requestId);

        var trace = awaitTree(traceId, Set.of("look-up-attempt", "list-retell-calls", "replay-call", "call-analyzed"), 3);

        assertThat(only(trace, "place-call").failure()).matches("[A-Za-z]+Exception");
        assertThat(trace).noneMatch(span -> span.name().equals("look-up-unknown"));
    }

    @Test
    void callsThatShareBatchesAndFlushesEachHaveTheirOwnTrace() {
        Map<String, String> requests = new HashMap<>();
        for (int i = 0; i < 4; i++) {
            var traceId = newTrace();
            requests.put(traceId, request(call("+1206555014" + i), traceId));
        }

        requests.forEach((traceId, requestId) -> {
            system.awaitFinal(requestId);
            system.awaitEmptyOutbox(requestId);
            var trace = awaitTree(traceId, PATH, 3);
            assertThat(trace.stream().map(span -> span.attributes().get("request_id")).filter(id -> id != null)).containsOnly(requestId);
        });
    }

    @Test
    void aCallThatIsRefusedIsToldByTheClassOfTheFailure() {
        var invalid = newTrace();
        var answer = system.post("/api/v1/calls", "engage", call("+1206555" + CANARY).toString(), Map.of("traceparent", traceparent(invalid)));
        assertThat(answer.statusCode()).isEqualTo(422);
        var unplaced = newTrace();
        system.awaitFinal(request(call("+12065550125"), unplaced));

        var accepting = only(collector.awaitTrace(invalid, has("voice-api")), "accept-call");
        var dialing = only(collector.awaitTrace(unplaced, has("receive-call-request")), "place-call");

        assertThat(accepting.failed()).isTrue();
        assertThat(accepting.failure()).matches("[A-Za-z]+( [a-z]+ at [$./a-z_]+)?");
        assertThat(dialing.failure()).isEqualTo("HTTP 400");
        assertThat(dialing.attributes()).containsEntry("error.type", "400");
        assertThat(collector.received()).doesNotContain(CANARY);
    }

    @Test
    void aCustomFunctionBelongsToItsCallOnlyWhereItsSignatureHolds() {
        var signed = newTrace();
        var forged = newTrace();
        assertThat(system.postAsRetell("/retell/functions", function(signed)).statusCode()).isEqualTo(200);
        assertThat(system.post("/retell/functions", null, function(forged)).statusCode()).isEqualTo(401);

        var joined = only(collector.awaitTrace(signed, has("receive-function")), "receive-function");
        await().atMost(RunningSystem.PATIENCE).until(() -> collector.spans().stream()
                .anyMatch(span -> span.name().equals("receive-function") && "401".equals(span.attributes().get("http.response.status_code"))));

        assertThat(joined.parentId()).isEqualTo(ENGAGE);
        assertThat(collector.spans()).noneMatch(span -> span.traceId().equals(forged));
    }

    @Test
    void fieldsArePushedToTheCrmInTheTraceOfTheirTask() {
        var requestId = system.requestCall(call("+12065550102").put("contact_id", CANARY + "-contact"));
        var traceId = newTrace();
        var task = RunningSystem.JSON.createObjectNode().put("request_id", requestId).put("contact_id", CANARY + "-contact");
        task.putObject("fields").put("first_name", CANARY + "-name");
        var answer = system.post("/api/v1/tasks/field-writeback", "business", task.toString(), Map.of("traceparent", traceparent(traceId)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);

        var push = only(collector.awaitTrace(traceId, has("push-writeback")), "post-writeback");

        assertThat(push.attributes()).containsEntry("http.response.status_code", "202").containsEntry("peer.service", "crm");
        assertThat(abt.requests()).filteredOn(request -> request.path().equals("/contacts")).extracting(HttpStub.Request::traceparent)
                .contains("00-" + traceId + "-" + push.spanId() + "-01");
        assertThat(collector.received()).doesNotContain(CANARY);
    }

    @Test
    void linesOfRoutesNameTheTrace() {
        assertThat(system.bean(CamelContext.class).getCamelContextExtension().getLogListeners())
                .anyMatch(listener -> listener.getClass().getPackageName().equals("dev.voiceai.traces"));
    }

    @Test
    void aCollectorThatIsDownHoldsUpNoCall() {
        collector.setDown(true);
        try {
            var requestId = request(call("+12065550102"), newTrace());
            assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("not_reached");
            await().atMost(RunningSystem.PATIENCE).until(() -> collector.refused() > 0);
        } finally {
            collector.setDown(false);
        }
        var traceId = newTrace();
        request(call("+12065550102"), traceId);
        collector.awaitTrace(traceId, has("accept-call"));
    }

    @Test
    void withoutACollectorThereIsNoTraceOfTraces() {
        var off = RunningSystem.shared();

        var response = off.post("/api/v1/calls", "engage", call("+12065550102").toString(), Map.of("traceparent", traceparent(newTrace())));
        var requestId = RunningSystem.json(response).get("request_id").asText();
        off.awaitFinal(requestId);

        assertThat(off.dials(requestId).toString()).contains(requestId).doesNotContain("traceparent");
        assertThat(off.ledger().sql("SELECT COUNT(*) FROM outbox WHERE stream = ? AND traceparent IS NOT NULL").param(requestId)
                .query(Long.class).single()).isZero();
        assertThat(off.ledger().sql("SELECT COUNT(*) FROM request WHERE request_id = ? AND traceparent IS NULL").param(requestId)
                .query(Long.class).single()).isOne();
        assertThat(off.bean(CamelContext.class).getRoutes()).isNotEmpty().allSatisfy(route -> assertThat(route.getRoutePolicyList())
                .noneMatch(policy -> policy.getClass().getPackageName().equals("dev.voiceai.traces")));
    }

    private static ObjectNode call(String number) {
        return RunningSystem.JSON.createObjectNode().put("to_number", number);
    }

    private static String request(ObjectNode call, String traceId) {
        var response = system.post("/api/v1/calls", "engage", call.toString(), Map.of("traceparent", traceparent(traceId)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return RunningSystem.json(response).get("request_id").asText();
    }

    private static String function(String traceId) {
        return """
                {"name": "no_such_task", "args": {}, "call": {"call_id": "call_0a1b2c3d4e5f", "metadata": {"traceparent": "%s"}}}"""
                .formatted(traceparent(traceId));
    }

    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static String traceparent(String traceId) {
        return "00-" + traceId + "-" + ENGAGE + "-01";
    }

    private static String transcript(String requestId) {
        return system.ledger().sql("SELECT transcript FROM phone_call WHERE request_id = ?").param(requestId).query(String.class).single();
    }

    private static Predicate<List<Span>> has(String name) {
        return spans -> names(spans).contains(name);
    }

    private static Set<String> names(List<Span> spans) {
        return spans.stream().map(Span::name).collect(Collectors.toSet());
    }

    private static Span only(List<Span> spans, String name) {
        var found = spans.stream().filter(span -> span.name().equals(name)).toList();
        assertThat(found).as(name).hasSize(1);
        return found.get(0);
    }

    /** Waits until a trace has spans of these names, and until each span hangs on another one, but one on what Engage sent. */
    private static List<Span> awaitTree(String traceId, Set<String> names, int events) {
        return collector.awaitTrace(traceId, spans -> {
            var spanIds = spans.stream().map(Span::spanId).collect(Collectors.toSet());
            var roots = spans.stream().filter(span -> !spanIds.contains(span.parentId())).map(Span::parentId).toList();
            return names(spans).containsAll(names)
                    && spans.stream().filter(span -> span.name().equals("post-abt")).count() == events
                    && roots.equals(List.of(ENGAGE));
        });
    }
}
