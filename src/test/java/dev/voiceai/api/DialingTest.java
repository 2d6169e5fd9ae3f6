package dev.voiceai.api;

import static dev.voiceai.api.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.system.RunningSystem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pauses by operators and by Retell's refusals, Retry-After, and Retell's live limits. */
class DialingTest {
    private static final String NUMBER = "+12065550100";
    private static final String OTHER = "+14155550123";

    private static Stub retell;
    private static RunningSystem system;
    private static final AtomicInteger CALLS = new AtomicInteger();

    @BeforeAll
    static void start() {
        retell = new Stub();
        healthy();
        system = RunningSystem.start(Map.ofEntries(
                Map.entry("retell.base-url", retell.url()), Map.entry("retell.api-key", "key_1"),
                Map.entry("retell.limits-period", "PT0.5S"), Map.entry("retell.limits-valid", "PT10S"),
                Map.entry("agents[0].agent_id", "agent_other"), Map.entry("agents[0].from_number", OTHER),
                Map.entry("agents[0].discloses_ai", "true"), Map.entry("agents[0].recording", "none"),
                Map.entry("policy.retell_unauthorized.delays", "PT0.2S")));
    }

    @AfterAll
    static void stop() {
        system.close();
        retell.close();
    }

    @AfterEach
    void goOn() {
        healthy();
        for (String body : List.of("{}", "{\"campaign\": \"autumn\"}", "{\"from_number\": \"" + OTHER + "\"}")) {
            system.post("/api/v1/dialing/resume", "operator", body);
        }
        // Every call hangs up, so that no line stays in use.
        await().atMost(RunningSystem.PATIENCE).until(() -> {
            system.ledger().sql("UPDATE request SET state = 'done', outcome = 'failed' WHERE state NOT IN ('done', 'calling')").update();
            system.ledger().sql("UPDATE attempt SET state = 'ended' WHERE state IN ('dialed', 'unknown')").update();
            return system.ledger().sql("SELECT COUNT(*) FROM attempt WHERE state = 'dialing'").query(Long.class).single() == 0;
        });
        system.ledger().sql("UPDATE dialing_block SET blocked_until = NULL").update();
        system.ledger().sql("UPDATE pace SET live_read_at = NULL").update();
    }

    private static void healthy() {
        answer(request -> new Stub.Answer(201, "{\"call_id\": \"call_" + CALLS.incrementAndGet() + "\"}"));
    }

    /** What create-phone-call answers; get-concurrency works, everything else is empty. */
    private static void answer(Function<Stub.Request, Stub.Answer> dial) {
        retell.answer(request -> switch (request.path()) {
            case "/v2/create-phone-call" -> dial.apply(request);
            case "/get-concurrency" -> new Stub.Answer(200, "{\"current_concurrency\": 0, \"concurrency_limit\": 100}");
            default -> new Stub.Answer(200, "{\"items\": [], \"has_more\": false}");
        });
    }

    // --- Operators ---

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"reason\": \"storm\"} | all | dialing-pause all",
        "{\"reason\": \"storm\", \"campaign\": \"autumn\"} | campaign | dialing-pause campaign",
        "{\"reason\": \"storm\", \"from_number\": \"+14155550123\"} | from_number | dialing-pause from_number",
    })
    void aPausedCallIsHeldAndDialedAfterTheResume(String pause, String scope, String rule) {
        var paused = system.post("/api/v1/dialing/pause", "operator", pause);
        assertThat(paused.statusCode()).as(paused.body()).isEqualTo(200);
        ContractSchemas.assertFits("Dialing", json(paused.body()));
        assertThat(json(paused.body()).at("/pauses/0/scope").asText()).isEqualTo(scope);

        var requestId = system.requestCall(call().put("campaign", "autumn").put("agent_id", "agent_other").put("from_number", OTHER));
        var held = system.awaitState(requestId, "held");

        assertThat(held.at("/reason/code").asText()).isEqualTo("paused");
        assertThat(held.at("/reason/rule").asText()).isEqualTo(rule);
        assertThat(held.at("/reason/message").asText()).endsWith("storm");
        ContractSchemas.assertFits("Call", held);
        assertThat(dials(requestId)).isZero();
        assertThat(health().at("/components/dialing/status").asText()).isEqualTo("DEGRADED");
        assertThat(health().toString()).contains("storm").doesNotContain(OTHER);

        var resume = pause.replace("\"reason\": \"storm\", ", "").replace("\"reason\": \"storm\"", "");
        var resumed = system.post("/api/v1/dialing/resume", "operator", resume);
        assertThat(resumed.statusCode()).as(resumed.body()).isEqualTo(200);
        assertThat(json(resumed.body()).path("pauses")).isEmpty();
        awaitDial(requestId);
        assertThat(health().at("/components/dialing/status").asText()).isEqualTo("UP");
        assertThat(system.ledger().sql("SELECT action FROM audit WHERE subject LIKE 'dialing/%' ORDER BY id DESC LIMIT 2")
                .query(String.class).list()).containsExactly("dialing.resumed", "dialing.paused");
    }

    @Test
    void aPauseOfOneCampaignOrNumberLeavesTheOthersAlone() {
        system.post("/api/v1/dialing/pause", "operator", "{\"reason\": \"r\", \"campaign\": \"autumn\"}");
        system.post("/api/v1/dialing/pause", "operator", "{\"reason\": \"r\", \"from_number\": \"" + OTHER + "\"}");

        awaitDial(system.requestCall(call().put("campaign", "winter")));
        awaitDial(system.requestCall(call()));
    }

    @Test
    void noDialStartsASecondAfterAPause() {
        var requests = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            requests.add(system.requestCall(call()));
        }
        await().atMost(RunningSystem.PATIENCE).until(() -> retell.requests().stream().anyMatch(r -> r.path().contains("create")));
        system.post("/api/v1/dialing/pause", "operator", "{\"reason\": \"r\"}");
        var secondLater = Instant.now().plusSeconds(1);
        await().pollInterval(Duration.ofMillis(50)).until(() -> Instant.now().isAfter(secondLater));
        long dialed = requests.stream().mapToLong(DialingTest::dials).sum();

        await().atMost(RunningSystem.PATIENCE).until(() -> requests.stream()
                .map(id -> system.call(id).path("state").asText()).allMatch(state -> state.matches("held|calling")));

        assertThat(requests.stream().mapToLong(DialingTest::dials).sum()).isEqualTo(dialed);
    }

    @Test
    void theStateOfDialingTellsLinesPaceAndWhatWaits() {
        system.post("/api/v1/dialing/pause", "operator", "{\"reason\": \"r\"}");
        system.awaitState(system.requestCall(call()), "held");

        var dialing = json(system.get("/api/v1/dialing", "operator").body());

        ContractSchemas.assertFits("Dialing", dialing);
        assertThat(dialing.path("paused").asBoolean()).isTrue();
        assertThat(dialing.at("/lines/limit").asInt()).isEqualTo(100);
        assertThat(dialing.path("calls_per_second").asInt()).isEqualTo(50);
        assertThat(dialing.path("waiting")).anySatisfy(waiting -> {
            assertThat(waiting.path("state").asText()).isEqualTo("held");
            assertThat(waiting.path("reason").asText()).isEqualTo("paused");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{} | 422 | /reason", "{\"reason\": \"\"} | 422 | /reason", "{\"reason\": \"r\", \"all\": true} | 422 | /all",
        "{\"reason\": \"r\", \"campaign\": \"a\", \"from_number\": \"+14155550100\"} | 422 | ''",
        "{\"reason\": \"r\", \"from_number\": \"415\"} | 422 | /from_number", "[] | 422 | ''", "{ | 400 | ",
    })
    void whatIsNoPauseIsRefused(String body, int status, String pointer) {
        var problem = Client.assertProblem(system.post("/api/v1/dialing/pause", "operator", body), status,
                status == 400 ? "malformed" : "validation");

        if (pointer != null) {
            assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo(pointer);
        }
        assertThat(json(system.get("/api/v1/dialing", "operator").body()).path("pauses")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"engage", "business"})
    void onlyOperatorsControlDialing(String role) {
        Client.assertProblem(system.post("/api/v1/dialing/pause", role, "{\"reason\": \"r\"}"), 403, "forbidden");
        Client.assertProblem(system.post("/api/v1/dialing/resume", role, "{}"), 403, "forbidden");
        Client.assertProblem(system.get("/api/v1/dialing", role), 403, "forbidden");
    }

    @Test
    void aRepeatedPauseGetsTheFirstAnswer() {
        var key = Map.of("Idempotency-Key", "pause-1");
        var first = system.post("/api/v1/dialing/pause", "operator", "{\"reason\": \"r\"}", key);
        var second = system.post("/api/v1/dialing/pause", "operator", "{\"reason\": \"r\"}", key);

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Idempotent-Replayed")).hasValue("true");
    }

    // --- Retell's refusals ---

    @ParameterizedTest
    @CsvSource({"401, retell_unauthorized", "402, payment_required", "422, own_number_or_agent_unknown"})
    void aRefusalThatEveryCallWouldMeetPausesDialingUntilATrialSucceeds(int status, String code) {
        var refused = Collections.synchronizedList(new ArrayList<String>());
        answer(request -> {
            refused.add(request.json().at("/metadata/request_id").asText());
            return new Stub.Answer(status, "{\"status\": \"error\", \"message\": \"No.\"}");
        });
        var first = system.requestCall(call());
        await().atMost(RunningSystem.PATIENCE).until(() -> json(system.get("/api/v1/dialing", "operator").body()).path("paused").asBoolean());
        var others = List.of(system.requestCall(call()), system.requestCall(call()), system.requestCall(call()));

        others.forEach(other -> assertThat(system.awaitState(other, "held").at("/reason/code").asText()).isEqualTo("paused"));
        var dialing = json(system.get("/api/v1/dialing", "operator").body());
        assertThat(dialing.at("/pauses/0/scope").asText()).isEqualTo("retell");
        assertThat(dialing.at("/pauses/0/code").asText()).isEqualTo(code);
        ContractSchemas.assertFits("Dialing", dialing);
        assertThat(health().at("/components/dialing/details/retell").asText()).startsWith(code);
        await("a trial that fails").atMost(RunningSystem.PATIENCE).until(() -> refused.size() >= 2);
        // Probes come ever later, so that little is asked of a Retell that refuses.
        assertThat(refused.size()).isLessThan(6);

        healthy();

        awaitPlaced(first);
        others.forEach(DialingTest::awaitPlaced);
        assertThat(json(system.get("/api/v1/dialing", "operator").body()).path("pauses")).isEmpty();
        assertThat(system.call(first).at("/attempts/0/refusal/code").asText()).isEqualTo(code);
        assertThat(system.call(first).at("/attempts/1/policy_row").asText()).isEqualTo(code);
    }

    @Test
    void aRefusalOfWhatEngageChoseEndsThatRequestAlone() {
        answer(request -> request.json().path("from_number").asText().equals(OTHER)
                ? new Stub.Answer(422, "{\"status\": \"error\", \"message\": \"Cannot find requested asset under given api key.\"}")
                : new Stub.Answer(201, "{\"call_id\": \"call_" + CALLS.incrementAndGet() + "\"}"));

        var call = system.awaitFinal(system.requestCall(call().put("agent_id", "agent_other").put("from_number", OTHER)));

        assertThat(call.path("outcome").asText()).isEqualTo("failed");
        assertThat(call.at("/reason/code").asText()).isEqualTo("unknown_number_or_agent");
        assertThat(call.at("/reason/message").asText()).isEqualTo("Cannot find requested asset under given api key.");
        awaitPlaced(system.requestCall(call()));
    }

    @Test
    void anOperatorMayEndThePauseThatRetellCaused() {
        answer(request -> new Stub.Answer(401, ""));
        var requestId = system.requestCall(call());
        await().atMost(RunningSystem.PATIENCE).until(() -> json(system.get("/api/v1/dialing", "operator").body()).path("paused").asBoolean());
        healthy();

        system.post("/api/v1/dialing/resume", "operator", "{}");

        awaitPlaced(requestId);
    }

    @ParameterizedTest
    @CsvSource({"Retry-After, 2", "retry-after, 2", "Retry-After-Ms, 2000"})
    void nobodyIsDialedBeforeTheMomentThatRetellNamed(String header, String value) {
        var answered = new ArrayList<Instant>();
        retell.answer(request -> {
            if (!request.path().equals("/v2/create-phone-call")) {
                return Stub.Answer.of(404);
            }
            synchronized (answered) {
                answered.add(Instant.now());
                return answered.size() == 1
                        ? new Stub.Answer(429, "{}", Map.of(header, value))
                        : new Stub.Answer(201, "{\"call_id\": \"call_" + CALLS.incrementAndGet() + "\"}");
            }
        });
        var first = system.requestCall(call());
        await().atMost(RunningSystem.PATIENCE).until(() -> answered.size() == 1);
        await().atMost(RunningSystem.PATIENCE).until(() -> system.call(first).at("/attempts/0/state").asText().equals("refused"));
        var second = system.requestCall(call());

        awaitPlaced(first);
        awaitPlaced(second);
        assertThat(answered.get(1)).isAfterOrEqualTo(answered.get(0).plusMillis(1_990));
        assertThat(system.call(first).at("/attempts/1/policy_row").asText()).isEqualTo("rate_limited");
    }

    // --- Retell's live limits ---

    @Test
    void whatRetellLeavesOfItsLinesIsTheLimit() {
        retell.answer(request -> request.path().equals("/get-concurrency")
                ? new Stub.Answer(200, "{\"current_concurrency\": " + (3 + ownCalls())
                        + ", \"concurrency_limit\": 6, \"reserved_inbound_concurrency\": 1}")
                : new Stub.Answer(201, "{\"call_id\": \"call_" + CALLS.incrementAndGet() + "\"}"));
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> json(system.get("/api/v1/dialing", "operator").body()).at("/lines/limit").asInt() == 2 && ownCalls() == 0);

        var requests = List.of(system.requestCall(call()), system.requestCall(call()), system.requestCall(call()));
        await().atMost(RunningSystem.PATIENCE).until(() -> requests.stream().map(id -> system.call(id).path("state").asText())
                .allMatch(state -> state.matches("held|calling")));

        await().atMost(RunningSystem.PATIENCE).until(() -> requests.stream().mapToLong(DialingTest::dials).sum() == 2);
        assertThat(ownCalls()).isEqualTo(2);
        assertThat(requests.stream().map(system::call).filter(call -> call.path("state").asText().equals("held")))
                .singleElement().satisfies(call -> assertThat(call.at("/reason/code").asText()).isEqualTo("capacity"));
    }

    private static long ownCalls() {
        return system.ledger().sql("SELECT COUNT(*) FROM attempt WHERE state IN ('dialing', 'dialed')").query(Long.class).single();
    }

    @Test
    void limitsThatAreTooOldNoLongerCount() {
        retell.answer(request -> new Stub.Answer(200, "{\"current_concurrency\": 0, \"concurrency_limit\": 1}"));
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> json(system.get("/api/v1/dialing", "operator").body()).at("/lines/limit").asInt() == 1);

        retell.answer(request -> Stub.Answer.of(500));

        await().atMost(RunningSystem.PATIENCE)
                .until(() -> json(system.get("/api/v1/dialing", "operator").body()).at("/lines/limit").asInt() == 100);
    }

    private static ObjectNode call() {
        return Client.JSON.createObjectNode().put("to_number", NUMBER);
    }

    private static JsonNode health() {
        try {
            var request = HttpRequest.newBuilder(URI.create(system.management() + "/actuator/health/readiness")).build();
            return json(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void awaitDial(String requestId) {
        await().atMost(RunningSystem.PATIENCE).until(() -> dials(requestId) == 1);
    }

    private static void awaitPlaced(String requestId) {
        await("placed " + requestId).atMost(RunningSystem.PATIENCE).until(() -> system.ledger()
                .sql("SELECT COUNT(*) FROM attempt WHERE request_id = ? AND call_id IS NOT NULL").param(requestId)
                .query(Long.class).single() == 1);
    }

    private static long dials(String requestId) {
        return retell.requests().stream()
                .filter(request -> request.path().equals("/v2/create-phone-call") && request.text().contains(requestId))
                .count();
    }
}
