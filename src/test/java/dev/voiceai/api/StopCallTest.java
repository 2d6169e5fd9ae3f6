package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static dev.voiceai.api.ContractSchemas.assertFits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.system.RunningSystem;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator hangs up. */
class StopCallTest {
    private static final String NUMBER = "+12065550100";
    private static final String LONG = "+12065550119";

    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;

    @AfterEach
    void heal() {
        outside.healthy();
    }

    @Test
    void aCallThatGoesOnIsHungUpAndEndsByItsWebhooks() {
        var sandbox = RunningSystem.shared();
        var requestId = sandbox.requestCall(LONG);
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> sandbox.call(requestId).at("/attempts/0/state").asText().equals("in_progress"));

        var answer = sandbox.post("/api/v1/calls/" + requestId + "/stop", "operator", "");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertFits("CallStatus", json(answer.body()));
        var call = sandbox.awaitFinal(requestId);
        assertThat(call.path("outcome").asText()).isEqualTo("failed");
        assertThat(call.at("/attempts/0/disconnection_reason").asText()).isEqualTo("manual_stopped");
        assertThat(call.path("attempts")).hasSize(1);
        assertThat(call.path("timeline")).anySatisfy(entry -> {
            assertThat(entry.path("kind").asText()).isEqualTo("control");
            assertThat(entry.path("state").asText()).isEqualTo("stop_requested");
            assertThat(entry.path("actor").asText()).isEqualTo("operator");
            assertThat(entry.path("attempt").asInt()).isEqualTo(1);
        });
        assertFits("Call", call);
        assertThat(audited(sandbox, requestId)).containsExactly("operator call.stopped");
        assertProblem(sandbox.post("/api/v1/calls/" + requestId + "/stop", "operator", ""), 409, "call-not-live");
    }

    @Test
    void retellIsAskedOnceForTheCallThatIsOnTheLine() {
        var requestId = dialed();
        retellAnswers(204);

        assertThat(stop(requestId, Map.of()).statusCode()).isEqualTo(202);

        var stops = stops(requestId);
        assertThat(stops).hasSize(1);
        assertThat(stops.get(0).method()).isEqualTo("POST");
        assertThat(stops.get(0).text()).isEmpty();
        assertThat(stops.get(0).header("Authorization")).isEqualTo("Bearer key_of_retell");
        assertThat(stops.get(0).header("Connection")).isEqualTo("close");
        assertThat(stops.get(0).headers().keySet()).allMatch(name -> name.matches(
                "(?i)authorization|content-type|content-length|transfer-encoding|connection|host|accept-encoding|user-agent"));
    }

    @Test
    void aRepeatGetsTheFirstAnswerAndAsksRetellNoMore() {
        var requestId = dialed();
        retellAnswers(204);
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

        var first = stop(requestId, key);
        retellAnswers(422);
        var second = stop(requestId, key);

        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(first.headers().map()).doesNotContainKey("idempotent-replayed");
        assertThat(second.statusCode()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(stops(requestId)).hasSize(1);
        assertThat(audited(system, requestId)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 401, 429, 500, 503})
    void aFailureOfRetellIsToldAndDoesNotUseTheKeyUp(int status) {
        var requestId = dialed();
        retellAnswers(status);
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

        assertProblem(stop(requestId, key), 502, "retell-unavailable");
        assertThat(stops(requestId)).hasSize(1);
        retellAnswers(204);
        var answer = stop(requestId, key);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().map()).doesNotContainKey("idempotent-replayed");
        assertThat(audited(system, requestId)).containsExactly("operator call.stopped", "operator call.stopped");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 422})
    void aCallThatRetellDoesNotHaveOnTheLineIsAConflict(int status) {
        var requestId = dialed();
        retellAnswers(status);

        assertProblem(stop(requestId, Map.of()), 409, "call-not-live");
        assertThat(system.call(requestId).path("state").asText()).isEqualTo("calling");
    }

    @Test
    void onlyACallOnTheLineCanBeStopped() {
        var tomorrow = Instant.now().plus(1, ChronoUnit.DAYS);
        var scheduled = system.requestCall(Client.JSON.createObjectNode().put("to_number", NUMBER).put("not_before", tomorrow.toString()));
        var done = dialed();
        outside.complete(done, 1);
        system.awaitFinal(done);
        var before = outside.retell.requests().size();

        assertProblem(stop(scheduled, Map.of()), 409, "call-not-live");
        assertProblem(stop(done, Map.of("Idempotency-Key", UUID.randomUUID().toString())), 409, "call-not-live");
        assertProblem(stop("019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b", Map.of()), 404, "not-found");
        assertThat(outside.retell.requests().stream().skip(before)).noneMatch(request -> request.path().startsWith("/v2/stop-call"));
        assertThat(audited(system, scheduled)).isEmpty();
    }

    @Test
    void onlyOperatorsStopCalls() {
        for (String role : List.of("engage", "business")) {
            assertProblem(system.post("/api/v1/calls/019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b/stop", role, ""), 403, "forbidden");
        }
        assertProblem(system.post("/api/v1/calls/019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b/stop", null, ""), 401, "unauthorized");
    }

    private HttpResponse<String> stop(String requestId, Map<String, String> headers) {
        return system.post("/api/v1/calls/" + requestId + "/stop", "operator", "{}", headers);
    }

    /** A request whose call has been placed. */
    private String dialed() {
        var requestId = system.requestCall(NUMBER);
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> system.call(requestId).at("/attempts/0/state").asText().equals("dialed"));
        return requestId;
    }

    private void retellAnswers(int status) {
        outside.retell.answer(request -> request.path().startsWith("/v2/stop-call/") ? Stub.Answer.of(status) : Outside.placed(request));
    }

    private List<Stub.Request> stops(String requestId) {
        return outside.retell.requests().stream()
                .filter(request -> request.path().equals("/v2/stop-call/" + Outside.callId(requestId, 1)))
                .toList();
    }

    private static List<String> audited(RunningSystem system, String requestId) {
        return system.ledger().sql("SELECT actor || ' ' || action FROM audit WHERE subject = ?").param("request/" + requestId)
                .query(String.class).list();
    }
}
