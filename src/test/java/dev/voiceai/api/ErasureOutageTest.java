package dev.voiceai.api;

import static dev.voiceai.api.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.system.RunningSystem;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An erasure while the stores are away, on PostgreSQL. */
class ErasureOutageTest {
    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;

    @AfterEach
    void heal() {
        outside.healthy();
    }

    @Test
    void itWaitsForEveryStoreThatIsAwayAndSaysForWhich() {
        var number = "+12065581234";
        var first = asked(number);
        var second = asked(number);
        system.awaitEmptyOutbox(first);
        system.awaitEmptyOutbox(second);
        outside.retell.answer(request -> request.method().equals("DELETE") ? Stub.Answer.of(503) : Outside.placed(request));
        outside.warehouse.cut();
        outside.stopSqs();

        var answer = system.post("/api/v1/privacy/erasures", "operator", "{\"number\": \"" + number + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        var taskId = json(answer.body()).get("task_id").asText();

        var open = awaitTask(taskId, task -> List.of("retell", "warehouse", "dead_letters").stream()
                .allMatch(store -> task.at("/result/" + store + "/waiting_for").isTextual()));
        assertThat(open.get("state").asText()).isEqualTo("open");
        assertThat(open.at("/result/ledger/state").asText()).isEqualTo("done");
        assertThat(open.at("/result/retell/waiting_for").asText()).isEqualTo("retell");
        assertThat(open.at("/result/retell/status").asInt()).isEqualTo(503);
        assertThat(open.at("/result/warehouse/waiting_for").asText()).isEqualTo("warehouse");
        assertThat(open.at("/result/warehouse/rows").asInt()).isPositive();
        assertThat(open.at("/result/dead_letters/waiting_for").asText()).isEqualTo("sqs");
        assertThat(ErasureTest.places(system.ledger(), number)).allMatch(place -> place.startsWith("privacy_subject:"));

        outside.startSqs();
        outside.warehouse.restore();
        // One is deleted now; of the other Retell knows nothing any more.
        outside.retell.answer(request -> request.method().equals("DELETE") && request.path().contains(first.replace("-", ""))
                ? Stub.Answer.of(204)
                : Outside.placed(request));

        var done = awaitTask(taskId, task -> task.get("state").asText().equals("done"));
        assertThat(done.at("/result/retell/calls").asInt()).isEqualTo(2);
        assertThat(outside.retell.requests()).anyMatch(request ->
                request.method().equals("DELETE") && request.path().equals("/v2/delete-call/" + Outside.callId(second, 1)));
        assertThat(ErasureTest.places(system.ledger(), number)).isEmpty();
        assertThat(ErasureTest.places(system.warehouse(), number)).isEmpty();
    }

    private String asked(String number) {
        var requestId = system.requestCall(number);
        outside.complete(requestId, 1);
        system.awaitFinal(requestId);
        return requestId;
    }

    private JsonNode awaitTask(String taskId, Predicate<JsonNode> condition) {
        return await("erasure").atMost(RunningSystem.PATIENCE.multipliedBy(2))
                .until(() -> json(system.get("/api/v1/tasks/" + taskId, "operator").body()), condition);
    }
}
