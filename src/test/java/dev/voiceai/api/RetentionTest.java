package dev.voiceai.api;

import static dev.voiceai.api.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.system.RunningSystem;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is old enough is forgotten; and an erasure goes on after a restart. */
class RetentionTest {
    @TempDir
    Path folder;

    @Test
    void eachKindIsForgottenAtItsTimeAndWhatIsCountedStays() {
        try (var system = RunningSystem.start(Map.of("retention.period", "PT0.5S"))) {
            var said = new Old(system);
            var called = new Old(system);
            var young = new Old(system);
            said.age("P91D");
            called.age("P731D");

            await().atMost(RunningSystem.PATIENCE).until(() -> !said.isTranscribed() && !called.isNamed());
            system.awaitEmptyOutbox(said.requestId);
            system.awaitEmptyOutbox(called.requestId);

            assertThat(said.places(said.word)).noneMatch(place -> place.startsWith("phone_call") || place.startsWith("CALL_EVENTS"));
            assertThat(said.transcriptInWarehouse()).isNull();
            assertThat(said.isNamed()).isTrue();
            assertThat(said.counted("duration_ms")).isPositive();
            assertThat(called.places(called.number)).isEmpty();
            assertThat(called.places(called.contact)).isEmpty();
            assertThat(called.counted("duration_ms")).isPositive();
            assertThat(system.call(called.requestId).at("/consent/reference").asText()).isEqualTo("form-7");
            assertThat(system.call(called.requestId).get("state").asText()).isEqualTo("done");
            assertThat(young.isTranscribed()).isTrue();
            assertThat(young.isNamed()).isTrue();
            assertThat(young.transcriptInWarehouse()).isNotNull();

            system.ledger().sql("UPDATE request SET created_at = ? WHERE request_id = ?").params(ago("P1827D"), called.requestId).update();
            system.ledger().sql("UPDATE audit SET at = ? WHERE subject LIKE 'task/%'").param(ago("P1827D")).update();
            await().atMost(RunningSystem.PATIENCE).until(() -> !system.call(called.requestId).has("consent"));
            await().atMost(RunningSystem.PATIENCE).until(() ->
                    system.ledger().sql("SELECT COUNT(*) FROM audit WHERE subject LIKE 'task/%'").query(Long.class).single() == 0);
        }
    }

    @Test
    void whoeverIsOnTheDoNotCallListStaysThere() {
        try (var system = RunningSystem.start(Map.of("retention.period", "PT0.5S"))) {
            var listed = new Old(system);
            system.post("/api/v1/do-not-call", "engage",
                    "{\"contact_id\": \"%s\", \"source\": \"crm\", \"reason\": \"r\"}".formatted(listed.contact));
            listed.age("P731D");

            await().atMost(RunningSystem.PATIENCE).until(() ->
                    system.ledger().sql("SELECT COUNT(*) FROM request WHERE to_number = ?").param(listed.number).query(Long.class)
                            .single() == 0);

            assertThat(json(system.post("/api/v1/do-not-call/check", "engage",
                    "{\"numbers\": [\"%s\"]}".formatted(listed.number)).body()).at("/items/0/do_not_call").asBoolean()).isTrue();
        }
    }

    @Test
    void anErasureGoesOnAfterARestart() {
        try (var retell = new Stub()) {
            retell.answer(request -> Stub.Answer.of(503));
            var settings = Map.of("retell.base-url", retell.url(), "retell.api-key", "key_of_the_stub");
            var number = "+12065561111";
            String taskId;
            try (var system = RunningSystem.start(folder, settings)) {
                var call = Outside.call(UUID.randomUUID().toString(), 1).put("call_id", "call_in").put("direction", "inbound")
                        .put("from_number", number).put("to_number", "+14155550100");
                call.remove("metadata");
                system.postAsRetell("/webhooks/retell", Outside.webhook("call_analyzed", call));
                await().atMost(RunningSystem.PATIENCE).until(() -> system.get("/api/v1/phone-calls/call_in", "operator").statusCode() == 200);
                taskId = json(system.post("/api/v1/privacy/erasures", "operator", "{\"number\": \"" + number + "\"}").body())
                        .get("task_id").asText();
                var task = "/api/v1/tasks/" + taskId;
                await().atMost(RunningSystem.PATIENCE).until(() ->
                        json(system.get(task, "operator").body()).at("/result/retell/waiting_for").asText().equals("retell"));
            }

            retell.answer(request -> Stub.Answer.of(request.method().equals("DELETE") ? 404 : 503));
            try (var system = RunningSystem.start(folder, settings)) {
                await().atMost(RunningSystem.PATIENCE).until(() ->
                        json(system.get("/api/v1/tasks/" + taskId, "operator").body()).get("state").asText().equals("done"));
                assertThat(retell.requests()).anyMatch(request ->
                        request.method().equals("DELETE") && request.path().equals("/v2/delete-call/call_in"));
                assertThat(ErasureTest.places(system.ledger(), number)).isEmpty();
                assertThat(ErasureTest.places(system.warehouse(), number)).isEmpty();
            }
        }
    }

    private static OffsetDateTime ago(String period) {
        return OffsetDateTime.now(ZoneOffset.UTC).minus(Period.parse(period));
    }

    /** A call that went well, and that can be made older than it is. */
    private static final class Old {
        final String number = "+1206558" + UUID.randomUUID().toString().replaceAll("[^0-9]", "").concat("0000").substring(0, 4);
        final String contact = "old-" + UUID.randomUUID();
        final String word = "word" + UUID.randomUUID().toString().replace("-", "");
        final String requestId;
        private final RunningSystem system;

        Old(RunningSystem system) {
            this.system = system;
            var call = Client.JSON.createObjectNode().put("to_number", number).put("contact_id", contact);
            call.putObject("metadata").put("order", word);
            call.putObject("consent").put("basis", "form").put("obtained_at", "2026-01-01T00:00:00Z").put("reference", "form-7");
            requestId = system.requestCall(call);
            assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
            system.post("/api/v1/tasks/field-writeback", "business",
                    "{\"request_id\": \"%s\", \"fields\": {\"note\": \"%s\"}}".formatted(requestId, word));
            system.awaitEmptyOutbox(requestId);
        }

        void age(String period) {
            system.ledger().sql("UPDATE phone_call SET created_at = ? WHERE request_id = ?").params(ago(period), requestId).update();
            system.ledger().sql("UPDATE request SET updated_at = ? WHERE request_id = ?").params(ago(period), requestId).update();
        }

        boolean isTranscribed() {
            return system.call(requestId).at("/attempts/0").has("transcript");
        }

        boolean isNamed() {
            return system.call(requestId).has("to_number");
        }

        String transcriptInWarehouse() {
            return system.warehouse().sql("SELECT transcript FROM attempts WHERE request_id = ?").param(requestId)
                    .query(String.class).optional().orElse(null);
        }

        long counted(String column) {
            return system.warehouse().sql("SELECT " + column + " FROM attempts WHERE request_id = ?").param(requestId)
                    .query(Long.class).single();
        }

        List<String> places(String text) {
            var places = new ArrayList<>(ErasureTest.places(system.ledger(), text));
            places.addAll(ErasureTest.places(system.warehouse(), text));
            return places;
        }
    }
}
