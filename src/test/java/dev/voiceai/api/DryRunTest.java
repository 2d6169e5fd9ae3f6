package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static dev.voiceai.api.ContractSchemas.assertFits;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.system.RunningSystem;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dry run says what would become of a request, by the same routes, and keeps nothing. */
class DryRunTest {
    /** Where it is night. */
    private static final String NUMBER = "+12065550100";
    private static final String NOWHERE = "+882130000000";
    private static final List<String> TABLES = List.of("request", "person", "contact", "stream", "timeline", "outbox", "attempt",
            "abt", "audit", "idempotency");

    private static RunningSystem night;

    private final RunningSystem day = Outside.shared().system;
    private Map<String, Long> before;
    private String nextFree;

    /** A system that calls nobody: its window opens for the minute that has just passed where the number is. */
    @BeforeAll
    static void start() {
        var hour = Instant.now().atZone(ZoneId.of("America/Los_Angeles")).minusHours(2).getHour();
        night = RunningSystem.start(Map.of("calling.windows", "%02d:00-%02d:01".formatted(hour, hour)));
    }

    @AfterAll
    static void stop() {
        night.close();
    }

    @BeforeEach
    void count() {
        before = rows(night);
        nextFree = nextFree();
    }

    @AfterEach
    void nothingIsKept() {
        assertThat(rows(night)).isEqualTo(before);
        assertThat(nextFree()).isEqualTo(nextFree);
    }

    @Test
    void aRequestThatMayBeDialedIsNotDialed() {
        var contact = "dry-" + Instant.now();
        var answer = json(tryOut(day, "{\"to_number\": \"" + NUMBER + "\", \"contact_id\": \"" + contact + "\"}"));

        assertThat(answer).isEqualTo(json("{\"decision\": \"dial\", \"state\": \"calling\"}"));
        assertThat(day.ledger().sql("SELECT COUNT(*) FROM request WHERE contact_id = ?").param(contact).query(Long.class).single())
                .isZero();
        assertThat(day.ledger().sql("SELECT COUNT(*) FROM contact WHERE contact_id = ?").param(contact).query(Long.class).single())
                .isZero();
    }

    @Test
    void aRequestOutsideItsWindowWouldBeHeld() {
        var answer = json(tryOut(night, "{\"to_number\": \"" + NUMBER + "\", \"contact_id\": \"c\"}"));

        assertThat(answer.path("decision").asText()).isEqualTo("hold");
        assertThat(answer.path("state").asText()).isEqualTo("held");
        assertThat(answer.at("/reason/code").asText()).isEqualTo("outside_calling_window");
        assertThat(answer.at("/reason/rule").asText()).isNotBlank();
        assertThat(Instant.parse(answer.at("/reason/until").asText())).isAfter(Instant.now());
    }

    @Test
    void aReasonWithoutAnEndHasNoUntil() {
        var answer = json(tryOut(night, "{\"to_number\": \"" + NOWHERE + "\"}"));

        assertThat(answer.at("/reason/code").asText()).isEqualTo("no_time_zone");
        assertThat(answer.path("reason").has("until")).isFalse();
    }

    @Test
    void aNumberThatMustNotBeCalledWouldEndTheRequest() {
        night.ledger()
                .sql("INSERT INTO person (number, do_not_call, created_at, updated_at) VALUES (?, TRUE, ?, ?)")
                .params("+12065550155", Instant.now().atOffset(ZoneOffset.UTC), Instant.now().atOffset(ZoneOffset.UTC))
                .update();
        before = rows(night);

        var answer = json(tryOut(night, "{\"to_number\": \"+12065550155\"}"));

        assertThat(answer.path("decision").asText()).isEqualTo("end");
        assertThat(answer.path("state").asText()).isEqualTo("rejected");
        assertThat(answer.at("/reason/code").asText()).isEqualTo("do_not_call");
    }

    @Test
    void aRequestForLaterWouldBeScheduled() {
        var notBefore = Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MILLIS);
        var answer = json(tryOut(night, "{\"to_number\": \"" + NUMBER + "\", \"not_before\": \"" + notBefore + "\"}"));

        assertThat(answer.path("decision").asText()).isEqualTo("hold");
        assertThat(answer.path("state").asText()).isEqualTo("scheduled");
        assertThat(answer.at("/reason/code").asText()).isEqualTo("scheduled");
        assertThat(Instant.parse(answer.at("/reason/until").asText())).isEqualTo(notBefore);
    }

    @Test
    void whatIntakeRefusesADryRunRefuses() {
        for (String body : List.of("{\"to_number\": \"1\"}", "{\"to_number\": \"" + NUMBER + "\", \"agent_id\": \"unknown\"}")) {
            assertProblem(night.post("/api/v1/calls?dry_run=true", "engage", body), 422, "validation");
        }
        assertProblem(night.post("/api/v1/calls?dry_run=true", "engage", "{"), 400, "malformed");
        assertProblem(night.post("/api/v1/calls?dry_run=true", "business", "{}"), 403, "forbidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dry_run=maybe", "dry_run=", "dry_run=TRUE", "dry_run=1", "dry_run=true&dry_run=true"})
    void itIsTrueOrFalseOrNothingIsDone(String query) {
        var problem = assertProblem(
                night.post("/api/v1/calls?" + query, "engage", "{\"to_number\": \"" + NUMBER + "\"}"), 422, "validation");

        assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/dry_run");
    }

    @Test
    void anIdempotencyKeyIsNotUsedUp() {
        var body = "{\"to_number\": \"" + NUMBER + "\"}";
        var key = Map.of("Idempotency-Key", "dry");

        assertThat(night.post("/api/v1/calls?dry_run=true", "engage", body, key).statusCode()).isEqualTo(200);
        assertThat(night.post("/api/v1/calls?dry_run=true", "engage", "{\"to_number\": \"" + NOWHERE + "\"}", key).statusCode())
                .isEqualTo(200);
    }

    @Test
    void falseIsAnOrdinaryRequest() {
        assertThat(day.post("/api/v1/calls?dry_run=false", "engage", "{\"to_number\": \"" + NUMBER + "\"}").statusCode())
                .isEqualTo(202);
    }

    private static String tryOut(RunningSystem system, String body) {
        var answer = system.post("/api/v1/calls?dry_run=true", "engage", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().map()).doesNotContainKeys("location", "idempotent-replayed");
        JsonNode decided = json(answer.body());
        assertFits("DryRun", decided);
        return answer.body();
    }

    private static Map<String, Long> rows(RunningSystem system) {
        return TABLES.stream().collect(Collectors.toMap(table -> table,
                table -> system.ledger().sql("SELECT COUNT(*) FROM " + table).query(Long.class).single()));
    }

    private static String nextFree() {
        return night.ledger().sql("SELECT next_free_at FROM pace").query().listOfRows().toString();
    }
}
