package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.system.RunningSystem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One outside part is down, and only its own arrow waits. */
class FaultsTest {
    private static final String NUMBER = "+12065550100";

    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;

    @AfterEach
    void heal() {
        outside.healthy();
    }

    @Test
    void withoutSqsCallsAreAcceptedAndDialedWhenItIsBack() {
        outside.stopSqs();
        String requestId;
        try {
            requestId = system.requestCall(NUMBER);
            assertThat(system.call(requestId).get("state").asText()).isEqualTo("queued");
            await().atMost(RunningSystem.PATIENCE).until(() -> attempts("call-requests", requestId) > 0);
        } finally {
            outside.startSqs();
        }

        outside.complete(requestId, 1);

        assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
        assertThat(outside.dials(requestId)).hasSize(1);
    }

    @Test
    void withoutTheCollectorCallsGoOnAndEventsArriveLaterInOrder() {
        outside.abt.goDown();
        String requestId;
        try {
            requestId = system.requestCall(NUMBER);
            outside.complete(requestId, 1);
            assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
            assertThat(outside.events(requestId)).isEmpty();
        } finally {
            outside.abt.comeBack();
        }

        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("initiated", "started", "completed");
    }

    @Test
    void aCollectorThatFailsGetsTheSameEventAgainBeforeTheNext() {
        var tries = new ConcurrentHashMap<String, Integer>();
        outside.abt.answer(request ->
                Stub.Answer.of(tries.merge(request.json().path("subject").asText(), 1, Integer::sum) <= 2 ? 500 : 202));

        var requestId = system.requestCall(NUMBER);
        outside.complete(requestId, 1);
        system.awaitFinal(requestId);
        system.awaitEmptyOutbox(requestId);

        assertThat(outside.events(requestId)).containsExactly("initiated", "initiated", "initiated", "started", "completed");
        assertThat(outside.abt.requests().stream()
                        .map(Stub.Request::json)
                        .filter(event -> event.path("subject").asText().equals(requestId))
                        .map(event -> event.path("id").asText())
                        .distinct())
                .hasSize(3);
    }

    @Test
    void aCollectorThatHangsHoldsUpNoCall() {
        outside.abt.hang();
        String requestId;
        try {
            requestId = system.requestCall(NUMBER);
            outside.complete(requestId, 1);
            assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
        } finally {
            outside.abt.goOn();
        }

        system.awaitEmptyOutbox(requestId);
        assertThat(List.copyOf(new LinkedHashSet<>(outside.events(requestId))))
                .containsExactly("initiated", "started", "completed");
    }

    @Test
    void withoutTheWarehouseCallsGoOnAndItsRowsArriveLater() {
        outside.warehouse.cut();
        String requestId;
        try {
            requestId = system.requestCall(NUMBER);
            outside.complete(requestId, 1);
            assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
            await().atMost(RunningSystem.PATIENCE)
                    .until(() -> outside.events(requestId).equals(List.of("initiated", "started", "completed")));
        } finally {
            outside.warehouse.restore();
        }

        system.awaitEmptyOutbox(requestId);
        assertThat(system.warehouse().sql("SELECT state FROM requests WHERE request_id = ?").param(requestId).query(String.class).list())
                .containsExactly("done");
        assertThat(system.warehouse().sql("SELECT COUNT(*) FROM activity WHERE request_id = ?").param(requestId).query(Long.class).single())
                .isEqualTo(3);
    }

    @Test
    void withoutRetellAnAttemptIsRefusedAndTriedAgainByPolicy() {
        outside.retell.goDown();
        String requestId;
        try {
            requestId = system.requestCall(NUMBER);
            await().atMost(RunningSystem.PATIENCE)
                    .until(() -> system.call(requestId).at("/attempts/0/state").asText().equals("refused"));
        } finally {
            outside.retell.comeBack();
        }

        await().atMost(RunningSystem.PATIENCE).until(() -> outside.dials(requestId).size() == 1);
        var call = system.call(requestId);
        assertThat(call.at("/attempts/0/refusal/code").asText()).isEqualTo("unreachable");
        var dialed = outside.dials(requestId).get(0).json();
        int attempt = dialed.at("/metadata/attempt").asInt();
        assertThat(attempt).isGreaterThan(1);
        outside.complete(requestId, attempt);
        assertThat(system.awaitFinal(requestId).at("/attempts/" + (attempt - 1) + "/policy_row").asText()).isEqualTo("unreachable");
    }

    @Test
    void anUnreachableRetellIsKnownAsSuchAlsoAfterLookUps() {
        outside.retell.answer(request ->
                request.path().equals("/v2/create-phone-call") ? Stub.Answer.of(0) : Outside.placed(request));
        var lost = system.requestCall(NUMBER);
        await().atMost(RunningSystem.PATIENCE).until(() -> outside.retell.requests().stream()
                .anyMatch(request -> request.path().equals("/v3/list-calls") && request.text().contains(lost)));
        outside.healthy();

        outside.retell.goDown();
        try {
            var requestId = system.requestCall(NUMBER);
            var dialed = await().atMost(RunningSystem.PATIENCE).until(
                    () -> system.call(requestId).at("/attempts/0/state").asText(), state -> !state.matches("|dialing"));
            assertThat(dialed).isEqualTo("refused");
            system.awaitFinal(requestId);
        } finally {
            outside.retell.comeBack();
        }
    }

    @Test
    void withoutTheLedgerNothingIsTakenAndEveryAnswerIsAProblem() {
        var before = system.requestCall(NUMBER);
        outside.ledger.cut();
        try {
            assertProblem(system.post("/api/v1/calls", "engage", "{\"to_number\": \"" + NUMBER + "\"}"), 503, "ledger-unavailable");
            assertProblem(system.get("/api/v1/tasks", "business"), 503, "ledger-unavailable");

            var spoken = system.postAsRetell("/retell/functions",
                    "{\"name\": \"field_writeback\", \"args\": {\"fields\": {\"a\": 1}}, \"call\": {\"call_id\": \"call_1\"}}");
            assertThat(spoken.statusCode()).isEqualTo(200);
            assertThat(json(spoken.body()).get("speak").asText()).contains("technical problem");
            var inbound = system.postAsRetell("/retell/inbound",
                    "{\"event\": \"call_inbound\", \"call_inbound\": {\"from_number\": \"" + NUMBER + "\", \"to_number\": \"+14155550100\"}}");
            assertThat(inbound.statusCode()).isEqualTo(200);
            assertThat(json(inbound.body())).isEqualTo(json("{\"call_inbound\": {}}"));
        } finally {
            outside.ledger.restore();
        }

        await().atMost(RunningSystem.PATIENCE).until(() -> system.get("/api/v1/calls/" + before, "engage").statusCode() == 200);
        outside.complete(before, 1);
        assertThat(system.awaitFinal(before).get("outcome").asText()).isEqualTo("completed");
        assertThat(outside.dials(before)).hasSize(1);
    }

    /** How often the rows of a request were tried in vain at a sink. */
    private long attempts(String sink, String stream) {
        return system.ledger()
                .sql("SELECT COALESCE(SUM(attempts), 0) FROM outbox WHERE sink = ? AND stream = ?")
                .params(sink, stream)
                .query(Long.class)
                .single();
    }
}
