package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static dev.voiceai.api.ContractSchemas.assertFits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.system.RunningSystem;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class BatchTest {
    private static final String SUCCESS = "+12065550100";
    private static final Logger LOG = LoggerFactory.getLogger(BatchTest.class);

    private final RunningSystem system = RunningSystem.shared();
    private final String contact = "batch-" + UUID.randomUUID();

    @Test
    void everyItemIsAnsweredInItsPlaceAndABadOneStopsNoOther() {
        var answer = send(Map.of(), List.of(
                item("+12065550100").toString(),
                "{\"to_number\": \"1\"}",
                "7",
                "null",
                item("+12065550102").put("surprise", Client.CANARY).toString(),
                item("+12065550103").put("agent_id", "unknown").toString(),
                item("+12065550104").put("campaign", "x".repeat(300_000)).toString(),
                later("+12065550105").toString()));

        assertThat(statuses(answer)).containsExactly(202, 422, 422, 422, 422, 422, 413, 202);
        assertThat(pointer(answer, 1)).isEqualTo("/to_number");
        assertThat(pointer(answer, 2)).isEmpty();
        assertThat(pointer(answer, 4)).isEqualTo("/surprise");
        assertThat(pointer(answer, 5)).isEqualTo("/agent_id");
        assertThat(answer.at("/items/6/problem/type").asText()).isEqualTo("/problems/payload-too-large");
        assertThat(answer.at("/items/7/state").asText()).isEqualTo("scheduled");
        assertThat(answer.toString()).doesNotContain(Client.CANARY);
        assertThat(requests()).isEqualTo(2);
        assertThat(system.awaitFinal(answer.at("/items/0/request_id").asText()).path("outcome").asText()).isEqualTo("completed");
    }

    @Test
    void itemsWithoutKeysAreNewEachTime() {
        var items = List.of(later(SUCCESS).toString());

        send(Map.of(), items);
        var second = send(Map.of(), items);

        assertThat(second.at("/items/0").has("replayed")).isFalse();
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void aRepeatedBatchGetsTheSameAnswersAndMakesNoSecondCall() {
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        var items = List.of(
                later("+12065550100").toString(),
                later("+12065550101").put("idempotency_key", UUID.randomUUID().toString()).toString(),
                "{\"to_number\": \"1\"}");

        var first = send(key, items);
        var second = send(key, items);

        assertThat(statuses(first)).containsExactly(202, 202, 422);
        assertThat(statuses(second)).containsExactly(202, 202, 422);
        for (int i : new int[] {0, 1}) {
            assertThat(first.at("/items/" + i).has("replayed")).isFalse();
            assertThat(second.at("/items/" + i + "/replayed").asBoolean()).isTrue();
            assertThat(second.at("/items/" + i + "/request_id")).isEqualTo(first.at("/items/" + i + "/request_id"));
        }
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void anItemThatChangedUnderItsKeyIsAConflictAndTheOthersAreNot() {
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        send(key, List.of(later("+12065550100").toString(), later("+12065550101").toString()));

        var second = send(key, List.of(later("+12065550102").toString(), later("+12065550101").toString()));

        assertThat(statuses(second)).containsExactly(409, 202);
        assertThat(second.at("/items/0/problem/type").asText()).isEqualTo("/problems/idempotency-key-reused");
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void aKeyOfItsOwnTravelsWithItsItemToAnyPlaceAndBatch() {
        var own = UUID.randomUUID().toString();
        var item = later(SUCCESS).put("idempotency_key", own).toString();
        var first = send(Map.of(), List.of(item));

        var second = send(Map.of("Idempotency-Key", UUID.randomUUID().toString()), List.of(later("+12065550101").toString(), item, item));

        assertThat(second.at("/items/1/request_id")).isEqualTo(first.at("/items/0/request_id"));
        assertThat(second.at("/items/2/replayed").asBoolean()).isTrue();
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void theKeysOfABatchAreNotThoseOfSingleCalls() {
        var key = UUID.randomUUID().toString();
        send(Map.of(), List.of(later(SUCCESS).put("idempotency_key", key).toString()));

        var single = system.post("/api/v1/calls", "engage", later(SUCCESS).toString(), Map.of("Idempotency-Key", key));

        assertThat(single.statusCode()).isEqualTo(202);
        assertThat(single.headers().map()).doesNotContainKey("idempotent-replayed");
        assertThat(requests()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"7 | type", "'' | min_length", "null | type", "a\\u0000b | pattern"})
    void aKeyThatCanNotBeOneIsTheItemsOwnFault(String key, String code) {
        var quoted = key.equals("7") || key.equals("null") ? key : "\"" + key + "\"";
        var answer = send(Map.of(), List.of(
                "{\"to_number\": \"" + SUCCESS + "\", \"idempotency_key\": " + quoted + "}", later(SUCCESS).toString()));

        assertThat(statuses(answer)).containsExactly(422, 202);
        assertThat(pointer(answer, 0)).isEqualTo("/idempotency_key");
        assertThat(answer.at("/items/0/problem/errors/0/code").asText()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{                             | 400 | malformed",
        "{\"calls\": []}               | 422 | validation",
        "{}                            | 422 | validation",
        "[]                            | 422 | validation",
        "{\"calls\": {}}               | 422 | validation",
        "{\"calls\": [GOOD], \"a\": 1} | 422 | validation",
    })
    void aBatchThatIsWrongAsAWholeIsRefusedAsAWhole(String body, int status, String type) {
        assertProblem(post(body.replace("GOOD", later(SUCCESS).toString()), Map.of()), status, type);
        assertThat(requests()).isZero();
    }

    @Test
    void aThousandAndOneAreTooMany() {
        assertProblem(post(body(IntStream.range(0, 1001).mapToObj(i -> later(SUCCESS).toString()).toList()), Map.of()), 422, "validation");
        assertThat(requests()).isZero();
    }

    @Test
    void eightMebibytesAreTheLimit() {
        var large = later(SUCCESS).put("campaign", "x".repeat(9 * 1024 * 1024)).toString();

        assertProblem(post(body(List.of(large)), Map.of()), 413, "payload-too-large");
    }

    @Test
    void aDryRunOfABatchOrAKeyTooLongForItIsRefusedAndCallsNobody() {
        var body = body(List.of(later(SUCCESS).toString()));

        assertProblem(system.post("/api/v1/calls/batch?dry_run=true", "engage", body), 422, "validation");
        assertProblem(post(body, Map.of("Idempotency-Key", "k".repeat(251))), 422, "validation");
        assertProblem(system.post("/api/v1/calls/batch", "business", body), 403, "forbidden");
        assertThat(requests()).isZero();
    }

    @Test
    void aThousandItemsAreOneBatch() {
        var answer = send(Map.of(), Stream.concat(Collections.nCopies(999, "{}").stream(), Stream.of(later(SUCCESS).toString())).toList());

        assertThat(statuses(answer).subList(0, 999)).containsOnly(422);
        assertThat(statuses(answer).get(999)).isEqualTo(202);
    }

    @Test
    void itemsThatAreWorkedOnSideBySideKeepTheirPlaces() {
        var items = IntStream.range(0, 200).mapToObj(i -> later("+1206555" + (2000 + i)).toString()).toList();
        var start = System.nanoTime();

        var answer = send(Map.of("Idempotency-Key", UUID.randomUUID().toString()), items);

        LOG.info("{} items accepted in {}", items.size(), Duration.ofNanos(System.nanoTime() - start));
        assertThat(statuses(answer)).hasSize(200).containsOnly(202);
        assertThat(requests()).isEqualTo(200);
        for (int i = 0; i < items.size(); i += 37) {
            var call = system.call(answer.at("/items/" + i + "/request_id").asText());
            assertThat(call.path("to_number").asText()).isEqualTo("+1206555" + (2000 + i));
        }
    }

    @Test
    void aLedgerThatGoesDownOnTheWayLosesNothingAndARepeatFinishes() {
        var outside = Outside.shared();
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        var body = body(IntStream.range(0, 500).mapToObj(i -> later(SUCCESS).toString()).toList());

        var running = CompletableFuture.supplyAsync(() -> outside.system.post("/api/v1/calls/batch", "engage", body, key));
        await().pollInterval(Duration.ofMillis(20)).atMost(RunningSystem.PATIENCE).until(() -> requests(outside.system) > 10);
        outside.ledger.cut();
        HttpResponse<String> broken;
        try {
            broken = running.join();
        } finally {
            outside.ledger.restore();
        }

        assertThat(broken.statusCode()).as(broken.body()).isEqualTo(200);
        assertFits("BatchResult", json(broken.body()));
        assertThat(statuses(json(broken.body()))).hasSize(500).contains(202, 503).containsOnly(202, 503);
        await().atMost(RunningSystem.PATIENCE).ignoreExceptions().until(() -> requests(outside.system) > 0);
        var repeated = outside.system.post("/api/v1/calls/batch", "engage", body, key);
        assertThat(statuses(json(repeated.body()))).hasSize(500).containsOnly(202);
        assertThat(requests(outside.system)).isEqualTo(500);
        items(json(broken.body())).filter(item -> item.path("status").asInt() == 202).forEach(item ->
                assertThat(json(repeated.body()).at("/items/" + item.path("index").asInt() + "/request_id"))
                        .isEqualTo(item.path("request_id")));
    }

    @Test
    void withoutTheLedgerTheBatchIsRefusedAsAWhole() {
        var outside = Outside.shared();
        outside.ledger.cut();
        try {
            var body = body(IntStream.range(0, 20).mapToObj(i -> later(SUCCESS).toString()).toList());
            assertProblem(outside.system.post("/api/v1/calls/batch", "engage", body), 503, "ledger-unavailable");
        } finally {
            outside.ledger.restore();
        }
        await().atMost(RunningSystem.PATIENCE).ignoreExceptions().until(() -> requests(outside.system) == 0);
    }

    // --- Fixtures ---

    private ObjectNode item(String number) {
        return Client.JSON.createObjectNode().put("to_number", number).put("contact_id", contact);
    }

    /** One that is not dialed. */
    private ObjectNode later(String number) {
        return item(number).put("not_before", Instant.now().truncatedTo(ChronoUnit.DAYS).plus(2, ChronoUnit.DAYS).toString());
    }

    private static String body(List<String> items) {
        return "{\"calls\": [" + String.join(",", items) + "]}";
    }

    private HttpResponse<String> post(String body, Map<String, String> headers) {
        return system.post("/api/v1/calls/batch", "engage", body, headers);
    }

    private JsonNode send(Map<String, String> headers, List<String> items) {
        var answer = post(body(items), headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().map()).doesNotContainKeys("location", "idempotent-replayed");
        Client.assertSilent(answer);
        assertFits("BatchResult", json(answer.body()));
        assertThat(items(json(answer.body())).map(item -> item.path("index").asInt()))
                .containsExactlyElementsOf(IntStream.range(0, items.size()).boxed().toList());
        return json(answer.body());
    }

    private static Stream<JsonNode> items(JsonNode answer) {
        return StreamSupport.stream(answer.path("items").spliterator(), false);
    }

    private static List<Integer> statuses(JsonNode answer) {
        return items(answer).map(item -> item.path("status").asInt()).toList();
    }

    private static String pointer(JsonNode answer, int index) {
        return answer.at("/items/" + index + "/problem/errors/0/pointer").textValue();
    }

    private long requests() {
        return requests(system);
    }

    private long requests(RunningSystem of) {
        return of.ledger().sql("SELECT COUNT(*) FROM request WHERE contact_id = ?").param(contact).query(Long.class).single();
    }
}
