package dev.voiceai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;

/** The schema and the ledger's statements, on one engine; every engine passes the same tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LedgerSqlTest {

    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-22T12:00:00.123Z");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{variable\\.(\\w+)(?:\\[(\\w+)])?}");

    private final Ids ids = new Ids();
    private LedgerSql ledger;

    abstract String newDatabase();

    @BeforeAll
    void migrate() {
        ledger = new LedgerSql(newDatabase());
    }

    @AfterAll
    void close() {
        if (ledger != null) {
            ledger.close();
        }
    }

    @AfterEach
    void empty() {
        for (String table : List.of(
                "outbox", "stream", "abt", "call_event", "phone_call", "attempt", "task", "timeline", "idempotency", "lease",
                "audit", "request", "person", "contact", "dialing_pause", "privacy_subject", "erasure_store", "opt_out_hash")) {
            ledger.jdbc.sql("DELETE FROM " + table).update();
        }
        ledger.jdbc.sql("UPDATE dialing_block SET blocked_until = NULL").update();
    }

    // --- Every statement ---

    static Stream<String> statements() throws IOException {
        try (var files = Files.list(Path.of("routes/sql"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".sql") && !file.startsWith("warehouse"))
                    .map(file -> file.replace(".sql", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("statements")
    void everyStatementRunsWithWhatTheRoutesBind(String file) throws IOException {
        var variables = variables(file, false);
        writeRequest("queued");

        ledger.tryOut(() -> ledger.execute(file, "", variables));
    }

    /** An absent value must not leave a parameter without a type, which PostgreSQL refuses. */
    @ParameterizedTest
    @MethodSource("statements")
    void everyStatementRunsWithNothingInItsParametersOrIsRefusedByAConstraint(String file) throws IOException {
        var variables = variables(file, true);

        try {
            ledger.tryOut(() -> ledger.execute(file, "", variables));
        } catch (DataIntegrityViolationException required) {
            assertThat(required).rootCause().asInstanceOf(type(SQLException.class))
                    .returns("23502", SQLException::getSQLState);
        }
    }

    private static Map<String, Object> variables(String file, boolean empty) throws IOException {
        var variables = new HashMap<String, Object>();
        var used = VARIABLE.matcher(Files.readString(Path.of("routes/sql", file + ".sql")));
        while (used.find()) {
            String name = used.group(1);
            String field = used.group(2);
            if (field != null) {
                @SuppressWarnings("unchecked")
                var fields = (Map<String, Object>) variables.computeIfAbsent(name, any -> new HashMap<String, Object>());
                fields.put(field, empty && !field.equals("limit") ? null : value(field));
            } else if (!empty || name.matches(".*(Ids|OrNone)") || Set.of("batchSize", "freeSlots", "limit").contains(name)) {
                variables.put(name, value(name));
            }
        }
        return variables;
    }

    /** A value of the type that the routes give a variable or field of this name. */
    private static Object value(String name) {
        if (name.matches("now|.*(At|Before|After|Since|Ago|Until)|do_not_call_until|consent_revoked_at")) {
            return NOW;
        }
        return switch (name) {
            case "filterIds", "deliveredIds", "failedIds", "dueIds", "leasedIds" -> List.of("id-1", "id-2");
            case "optOutHashesOrNone" -> List.of("0a".repeat(32));
            case "optOutNumbersOrNone" -> List.of("+12065550100", "+12065550101");
            case "anyId", "keepConsent", "do_not_call" -> "false";
            case "attempt", "batchSize", "freeSlots", "limit", "duration_ms", "ownConcurrency", "liveLimit", "liveForeign", "detailRank", "mostStrikes", "cursor_at" -> 1;
            case "answerStatus" -> "202";
            case "cost_usd" -> new BigDecimal("0.0713");
            case "call_successful", "in_voicemail" -> true;
            case "consent_obtained_at", "created_from", "updated_since", "from", "to" -> "2026-11-22T12:00:00Z";
            case "toNumber", "fromNumber", "to_number", "from_number", "number" -> "+12065550100";
            default -> name;
        };
    }

    // --- The two machines ---

    private static final List<String> WAITING = List.of("accepted", "scheduled", "queued", "held");
    private static final List<String> ATTEMPT =
            List.of("dialing", "unknown", "dialed", "in_progress", "ended", "analyzed", "refused");
    private static final List<String> REQUEST = List.of(
            "accepted", "scheduled", "queued", "held", "calling", "unknown", "done", "cancelled", "expired", "rejected");

    private static boolean attemptMayMove(String from, String to) {
        if (to.equals("refused")) {
            return from.equals("dialing");
        }
        return !from.equals("refused") && ATTEMPT.indexOf(from) < ATTEMPT.indexOf(to);
    }

    private static boolean requestMayMove(String from, String to) {
        return switch (from) {
            case "accepted", "scheduled", "queued", "held" ->
                    WAITING.contains(to) && !to.equals("accepted")
                            || Set.of("cancelled", "expired", "rejected").contains(to)
                            || !from.equals("accepted") && to.equals("calling");
            case "calling" -> Set.of("done", "unknown", "scheduled", "held").contains(to);
            case "unknown" -> Set.of("calling", "done", "scheduled", "expired").contains(to);
            default -> false;
        };
    }

    @Test
    void anAttemptMovesForwardOnlyAndIsRefusedOnlyWhileDialing() {
        for (String from : ATTEMPT) {
            for (String to : ATTEMPT) {
                int moved = ledger.tryOut(() -> {
                    String requestId = writeRequest("calling");
                    writeAttempt(requestId, from);
                    return ledger.update("move-attempt", Map.of("requestId", requestId, "attempt", 1, "attemptState", to, "now", NOW));
                });
                assertThat(moved == 1).as(from + " -> " + to).isEqualTo(attemptMayMove(from, to));
            }
        }
    }

    @Test
    void aRequestMovesAsItsTableAllowsAndNeverLeavesAFinalState() {
        for (String from : REQUEST) {
            for (String to : REQUEST) {
                int moved = ledger.tryOut(() -> {
                    String requestId = writeRequest(from);
                    return ledger.update("move-request", Map.of("requestId", requestId, "requestState", to, "now", NOW));
                });
                assertThat(moved == 1).as(from + " -> " + to).isEqualTo(requestMayMove(from, to));
            }
        }
    }

    @Test
    void whatIsKnownOfAnAttemptIsNeverForgotten() {
        String requestId = writeRequest("calling");
        writeAttempt(requestId, "dialing");
        var first = new HashMap<String, Object>(Map.of(
                "requestId", requestId, "attempt", 1, "attemptState", "dialed", "now", NOW, "callId", "call_1",
                "dialedAt", NOW, "startedAt", NOW));
        var second = Map.<String, Object>of(
                "requestId", requestId, "attempt", 1, "attemptState", "ended", "now", NOW.plusSeconds(9), "callId", "call_2",
                "dialedAt", NOW.plusSeconds(9), "endedAt", NOW.plusSeconds(9));

        assertThat(ledger.update("move-attempt", first)).isEqualTo(1);
        assertThat(ledger.update("move-attempt", second)).isEqualTo(1);

        var attempt = ledger.select("lock-attempt", Map.of("requestId", requestId, "attempt", 1)).get(0);
        assertThat(attempt).containsEntry("call_id", "call_1").containsEntry("state", "ended");
        assertThat(ledger.jdbc.sql("SELECT dialed_at, ended_at, version FROM attempt")
                        .query((row, i) -> List.of(
                                row.getObject(1, OffsetDateTime.class).toInstant(),
                                row.getObject(2, OffsetDateTime.class).toInstant(),
                                row.getLong(3)))
                        .single())
                .isEqualTo(List.of(NOW.toInstant(), NOW.plusSeconds(9).toInstant(), 3L));
    }

    @Test
    void anAttemptIsInsertedOnce() {
        String requestId = writeRequest("queued");
        var claim = Map.<String, Object>of("requestId", requestId, "dialAt", NOW, "now", NOW);

        assertThat(ledger.update("insert-attempt", claim)).isEqualTo(1);

        assertThatThrownBy(() -> ledger.update("insert-attempt", claim)).isInstanceOf(DuplicateKeyException.class);
    }

    @Test
    void claimsForOneNumberGoOneAfterTheOther() throws Exception {
        String one = writeRequest("queued");
        String other = writeRequest("queued");

        assertWaits(
                () -> ledger.select("lock-person", Map.of("requestId", one, "now", NOW)),
                () -> ledger.select("lock-person", Map.of("requestId", other, "now", NOW)));
    }

    @Test
    void thePaceIsTakenByOneAtATime() throws Exception {
        assertWaits(() -> ledger.select("lock-pace", Map.of()), () -> ledger.select("lock-pace", Map.of()));
    }

    @Test
    void silenceThatRetellAskedForWaitsForNoDialAndIsSeenByTheNext() {
        var until = NOW.plusSeconds(3);
        boolean blocked = ledger.inTransaction(() -> {
            ledger.select("lock-pace", Map.of());
            CompletableFuture.runAsync(() -> ledger.update("block-dialing", Map.of("blockedUntil", until))).get(10, TimeUnit.SECONDS);
            return (Boolean) ledger.select("select-pace", Map.of("now", NOW, "limitsReadAfter", NOW, "ownConcurrency", 20))
                    .get(0).get("is_blocked");
        });

        assertThat(blocked).isTrue();
        assertThat(ledger.update("block-dialing", Map.of("blockedUntil", until.minusSeconds(1)))).as("an earlier end").isZero();
    }

    @Test
    void linesInUseAreTheAttemptsThatMayHoldOne() {
        for (String state : ATTEMPT) {
            writeAttempt(writeRequest("calling"), state);
        }
        var since = Map.<String, Object>of("longestCallAgo", NOW.minusHours(2));
        assertThat(live(since)).isEqualTo(3);

        ledger.jdbc.sql("UPDATE attempt SET next_lookup_at = ? WHERE state = 'unknown'").param(NOW).update();
        assertThat(live(since)).as("an unknown that is still looked up").isEqualTo(4);
        assertThat(live(Map.of("longestCallAgo", NOW.plusSeconds(1)))).as("older than the longest call").isZero();
    }

    private long live(Map<String, Object> since) {
        return ((Number) ledger.select("count-live-attempts", since).get(0).get("live")).longValue();
    }

    // --- What happens once ---

    @Test
    void anEventOfACallIsRecordedOnce() {
        var event = Map.<String, Object>of(
                "callId", "call_1", "event", "call_ended", "eventSource", "webhook", "receivedAt", NOW, "now", NOW);

        assertThat(ledger.update("insert-call-event", event)).isEqualTo(1);
        assertThat(ledger.update("insert-call-event", event)).isZero();
    }

    @Test
    void anActivityEventIsWrittenOnce() {
        var event = Map.<String, Object>of("stream", "r1", "abtType", "t", "abtCause", "attempt/1", "abtId", "id-1", "now", NOW);

        assertThat(ledger.update("insert-abt", event)).isEqualTo(1);
        assertThat(ledger.update("insert-abt", event)).isZero();
    }

    @Test
    void aRepeatedIdempotencyKeyWaitsForTheFirstAndThenFindsItsAnswer() throws Exception {
        var key = Map.<String, Object>of(
                "idempotencyScope", "engage POST /api/v1/calls", "idempotencyKey", "k1", "bodySha256", "a", "now", NOW);
        var answer = new HashMap<>(key);
        answer.putAll(Map.of("answerStatus", "202", "answer", "{}"));

        int inserted = assertWaits(
                () -> {
                    assertThat(ledger.update("insert-idempotency", key)).isEqualTo(1);
                    return ledger.update("save-idempotent-answer", answer);
                },
                () -> ledger.update("insert-idempotency", key));

        assertThat(inserted).isZero();
        assertThat(ledger.select("select-idempotency", key)).singleElement().satisfies(
                row -> assertThat(row).containsEntry("response", "{}").containsEntry("status", 202));
    }

    @Test
    void aRepeatedIdempotencyKeyIsTheFirstOneWhenThatRolledBack() throws Exception {
        var key = Map.<String, Object>of("idempotencyScope", "s", "idempotencyKey", "k1", "bodySha256", "a", "now", NOW);
        var inserted = new CountDownLatch(1);
        var second = CompletableFuture.supplyAsync(() -> {
            awaitLatch(inserted);
            return ledger.update("insert-idempotency", key);
        });

        ledger.tryOut(() -> {
            assertThat(ledger.update("insert-idempotency", key)).isEqualTo(1);
            inserted.countDown();
            await().during(Duration.ofMillis(200)).until(() -> !second.isDone());
            return null;
        });

        assertThat(second.get(5, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void aLeaseIsHeldByOneReplicaUntilItLapses() {
        var one = Map.<String, Object>of("leaseName", "clean-up", "replica", "one", "leaseUntil", NOW.plusSeconds(30), "now", NOW);
        var other = Map.<String, Object>of("leaseName", "clean-up", "replica", "two", "leaseUntil", NOW.plusSeconds(60), "now", NOW);
        var late = Map.<String, Object>of(
                "leaseName", "clean-up", "replica", "two", "leaseUntil", NOW.plusSeconds(90), "now", NOW.plusSeconds(31));

        assertThat(ledger.update("hold-lease", one)).isZero();
        assertThat(ledger.update("insert-lease", one)).isEqualTo(1);
        assertThat(ledger.update("insert-lease", other)).isZero();
        assertThat(ledger.update("hold-lease", other)).isZero();
        assertThat(ledger.update("hold-lease", one)).isEqualTo(1);
        assertThat(ledger.update("hold-lease", late)).isEqualTo(1);
    }

    // --- The outbox ---

    @Test
    void onlyTheHeadOfEachStreamIsLeased() {
        String a1 = writeOutbox("abt", "a");
        writeOutbox("abt", "a");
        String b1 = writeOutbox("abt", "b");
        writeOutbox("warehouse", "b");

        assertThat(lease("heads", "abt", "lease-1", 10)).containsExactly(a1, b1);
        assertThat(lease("heads", "abt", "lease-2", 10)).as("while those are under way").isEmpty();
    }

    @Test
    void aStreamGoesOnInOrderOnceItsHeadIsDelivered() {
        String first = writeOutbox("abt", "a");
        String second = writeOutbox("abt", "a");
        String third = writeOutbox("abt", "a");

        for (String expected : List.of(first, second, third)) {
            assertThat(lease("heads", "abt", expected, 10)).containsExactly(expected);
            assertThat(ledger.update("mark-delivered", Map.of(
                            "leaseId", expected, "deliveredIds", List.of(expected), "now", NOW)))
                    .isEqualTo(1);
        }
        assertThat(lease("heads", "abt", "lease-4", 10)).isEmpty();
    }

    @Test
    void anotherSinkIsNotHeldUp() {
        writeOutbox("abt", "a");
        String row = writeOutbox("warehouse", "a");

        assertThat(lease("heads", "warehouse", "lease-1", 10)).containsExactly(row);
    }

    @Test
    void aLeaseThatLapsedIsTakenAgain() {
        String row = writeOutbox("abt", "a");
        lease("heads", "abt", "lease-1", 10);

        assertThat(lease("heads", "abt", "lease-2", 10, NOW.plusSeconds(61))).containsExactly(row);
        assertThat(ledger.update("mark-delivered", Map.of("leaseId", "lease-1", "deliveredIds", List.of(row), "now", NOW)))
                .as("whoever lost the lease confirms nothing")
                .isZero();
    }

    @Test
    void aFailedRowIsDueAgainAfterItsBackOffAndItsStreamWaits() {
        String first = writeOutbox("abt", "a");
        writeOutbox("abt", "a");
        lease("heads", "abt", "lease-1", 10);

        ledger.update("mark-failed", Map.of(
                "leaseId", "lease-1", "failedIds", List.of(first), "retryAt", NOW.plusSeconds(2), "failure", "HTTP 500"));

        assertThat(lease("heads", "abt", "lease-2", 10, NOW.plusSeconds(1))).isEmpty();
        assertThat(lease("heads", "abt", "lease-3", 10, NOW.plusSeconds(2))).containsExactly(first);
    }

    @Test
    void aParkedRowStopsItsOwnStreamAtItsOwnSinkOnlyUntilItIsSentAgain() {
        String poison = writeOutbox("abt", "a");
        String waiting = writeOutbox("abt", "a");
        lease("heads", "abt", "lease-1", 10);
        ledger.update("park-outbox", Map.of("leaseId", "lease-1", "outboxId", poison, "failure", "HTTP 400"));
        String other = writeOutbox("abt", "b");
        String elsewhere = writeOutbox("warehouse", "a");

        assertThat(lease("heads", "abt", "lease-2", 10)).containsExactly(other);
        assertThat(lease("runs", "warehouse", "lease-3", 10)).containsExactly(elsewhere);
        assertThat(lease("runs", "abt", "lease-4", 10)).isEmpty();

        assertThat(redrive(Map.of("sink", "abt"))).isEqualTo(1);
        assertThat(lease("heads", "abt", "lease-5", 10)).containsExactly(poison);
        ledger.update("mark-delivered", Map.of("leaseId", "lease-5", "deliveredIds", List.of(poison), "now", NOW));
        assertThat(lease("heads", "abt", "lease-6", 10)).containsExactly(waiting);
    }

    @Test
    void aFailureCountsAgainstARowOnlyWhereItsSinkRefusesItOrTakesAnotherStreamMeanwhile() {
        String row = writeOutbox("abt", "a");

        assertThat(fail(row, "either", NOW)).as("nothing else was taken").isZero();
        deliver(writeOutbox("abt", "b"), NOW.plusSeconds(1));
        assertThat(fail(row, "either", NOW.plusSeconds(2))).as("another stream was served since").isEqualTo(1);
        assertThat(fail(row, "either", NOW.plusSeconds(3))).as("none was since then").isEqualTo(1);
        deliver(writeOutbox("warehouse", "c"), NOW.plusSeconds(4));
        assertThat(fail(row, "either", NOW.plusSeconds(5))).as("another sink says nothing").isEqualTo(1);
        deliver(writeOutbox("abt", "d"), NOW.plusSeconds(6));
        assertThat(fail(row, "nobody", NOW.plusSeconds(7))).as("the sink asks to wait").isEqualTo(1);
        assertThat(fail(row, "event", NOW.plusSeconds(8))).as("the sink refuses it").isEqualTo(2);
        assertThat(ledger.jdbc.sql("SELECT failed_since FROM outbox WHERE id = ?").param(row).query(OffsetDateTime.class).single())
                .isEqualTo(NOW);
    }

    @Test
    void aRowIsParkedForItsOwnFailuresOrAfterTooLong() {
        String refused = writeOutbox("abt", "a");
        fail(refused, "event", NOW);
        assertThat(park(refused, NOW, 2, NOW.minusDays(7))).isZero();
        fail(refused, "event", NOW.plusSeconds(1));
        assertThat(park(refused, NOW, 2, NOW.minusDays(7))).as("of another failure").isZero();
        assertThat(park(refused, NOW.plusSeconds(1), 2, NOW.minusDays(7))).isEqualTo(1);

        String failing = writeOutbox("abt", "b");
        fail(failing, "either", NOW);
        fail(failing, "either", NOW.plusDays(7));
        assertThat(park(failing, NOW.plusDays(7), 2, NOW.minusNanos(1_000_000))).isZero();
        assertThat(park(failing, NOW.plusDays(7), 2, NOW)).isEqualTo(1);

        assertThat(redrive(Map.of("ids", List.of(refused, failing)))).isEqualTo(2);
        assertThat(fail(refused, "either", NOW.plusDays(8))).as("counted anew").isZero();
    }

    @Test
    void parkedRowsAreCountedAndSentAgainByEveryField() {
        String requestId = writeRequest("accepted");
        writeAttempt(requestId, "dialed");
        ledger.jdbc.sql("UPDATE attempt SET call_id = 'call_1' WHERE request_id = ?").param(requestId).update();
        String ofRequest = writeOutbox("abt", requestId);
        String ofCall = writeOutbox("warehouse", "call_2");
        for (String row : List.of(ofRequest, ofCall)) {
            fail(row, "event", NOW);
            park(row, NOW, 1, NOW.minusDays(7));
        }
        String pending = writeOutbox("abt", "other");

        for (Map<String, Object> filter : List.<Map<String, Object>>of(
                Map.of("sink", "abt"), Map.of("request_id", requestId), Map.of("call_id", "call_1"),
                Map.of("ids", List.of(ofRequest, pending)), Map.of("sink", "abt", "event", "kind", "error", "HTTP 500"))) {
            assertThat(countParked(filter)).as(filter.toString()).isEqualTo(1);
        }
        assertThat(countParked(Map.of())).isEqualTo(2);
        for (Map<String, Object> filter : List.<Map<String, Object>>of(
                Map.of("queue", "call-events"), Map.of("sink", "call-requests"), Map.of("event", "other"),
                Map.of("error", "HTTP 400"), Map.of("call_id", "call_3"), Map.of("ids", List.of(pending)))) {
            assertThat(countParked(filter)).as(filter.toString()).isZero();
            assertThat(redrive(filter)).as(filter.toString()).isZero();
        }

        assertThat(redrive(Map.of("call_id", "call_1"))).isEqualTo(1);
        assertThat(countParked(Map.of())).isEqualTo(1);
        assertThat(redrive(Map.of("call_id", "call_2"))).isEqualTo(1);
        assertThat(lease("heads", "abt", "lease-9", 10)).containsExactlyInAnyOrder(ofRequest, pending);
    }

    /** As {@code direct:fail-event} does; answers what now counts against the row. */
    private int fail(String row, String blame, OffsetDateTime now) {
        ledger.jdbc.sql("UPDATE outbox SET lease_id = 'lease-f' WHERE id = ?").param(row).update();
        assertThat(ledger.update("count-failure", Map.of("leaseId", "lease-f", "outboxId", row, "blame", blame, "now", now,
                "retryAt", now.plusSeconds(1), "failure", "HTTP 500"))).isEqualTo(1);
        return ledger.jdbc.sql("SELECT strikes FROM outbox WHERE id = ?").param(row).query(Integer.class).single();
    }

    private int park(String row, OffsetDateTime now, int mostStrikes, OffsetDateTime failedBefore) {
        return ledger.update("park-failing", Map.of(
                "outboxId", row, "now", now, "mostStrikes", mostStrikes, "failedBefore", failedBefore));
    }

    private void deliver(String row, OffsetDateTime at) {
        ledger.jdbc.sql("UPDATE outbox SET state = 'delivered', delivered_at = ? WHERE id = ?").params(at, row).update();
    }

    private int redrive(Map<String, Object> filter) {
        return ledger.update("redrive-outbox", redriveVariables(filter));
    }

    private long countParked(Map<String, Object> filter) {
        return ((Number) ledger.select("count-parked-outbox", redriveVariables(filter)).get(0).get("parked")).longValue();
    }

    private static Map<String, Object> redriveVariables(Map<String, Object> filter) {
        return Map.of("filter", filter, "anyId", String.valueOf(!filter.containsKey("ids")),
                "filterIds", filter.getOrDefault("ids", List.of("")), "now", NOW);
    }

    @Test
    void aRunIsLeasedWholeAndEndsBeforeARowThatWaits() {
        String first = writeOutbox("warehouse", "a");
        String second = writeOutbox("warehouse", "a");
        String third = writeOutbox("warehouse", "a");
        writeOutbox("warehouse", "a");
        ledger.jdbc.sql("UPDATE outbox SET due_at = ? WHERE id = ?").params(NOW.plusMinutes(1), third).update();

        assertThat(lease("runs", "warehouse", "lease-1", 10)).containsExactly(first, second);
    }

    /** A row that was tried before is due later than those after it. */
    @Test
    void aBatchThatEndsWithinARunTakesItsEarlierRows() {
        String triedBefore = writeOutbox("warehouse", "a");
        for (String later : List.of(writeOutbox("warehouse", "a"), writeOutbox("warehouse", "a"))) {
            ledger.jdbc.sql("UPDATE outbox SET due_at = ? WHERE id = ?").params(NOW.minusSeconds(10), later).update();
        }

        assertThat(lease("runs", "warehouse", "lease-1", 1)).containsExactly(triedBefore);
    }

    @Test
    void aBatchHasAnEnd() {
        for (int i = 0; i < 5; i++) {
            writeOutbox("abt", "stream-" + i);
        }

        assertThat(lease("heads", "abt", "lease-1", 3)).hasSize(3);
        assertThat(lease("heads", "abt", "lease-2", 3)).hasSize(2);
    }

    /** After an outage thousands wait; what a batch costs must not grow with them, or a relay never catches up. */
    @ParameterizedTest
    @CsvSource({"heads, 10", "runs, 500"})
    @Timeout(60)
    void aLongBacklogIsLeasedToItsEnd(String take, int batchSize) {
        for (int i = 0; i < 8_000; i++) {
            ledger.jdbc.sql("INSERT INTO outbox (id, sink, stream, seq, kind, payload, due_at, created_at)"
                            + " VALUES (?, 'warehouse', ?, ?, 'kind', '{}', ?, ?)")
                    .params(ids.next(), "stream-" + i % 4_000, i, NOW, NOW).update();
        }

        int leased = 0;
        for (int batch = 0; leased < 8_000; batch++) {
            var rows = lease(take, "warehouse", "lease-" + batch, batchSize);
            assertThat(rows).as("batch " + batch).hasSize(batchSize);
            rows.forEach(row -> deliver((String) row, NOW));
            leased += rows.size();
        }
    }

    @Test
    void twoRelaysTakeDifferentRowsAndNeitherWaits() throws Exception {
        for (int i = 0; i < 10; i++) {
            writeOutbox("abt", "stream-" + i);
        }
        var taken = new CountDownLatch(1);
        var finish = new CountDownLatch(1);
        var first = CompletableFuture.supplyAsync(() -> ledger.inTransaction(() -> {
            var rows = lease("heads", "abt", "lease-1", 6);
            taken.countDown();
            awaitLatch(finish);
            return rows;
        }));
        awaitLatch(taken);

        // PostgreSQL gives it the other four, H2 none: H2 locks what lies beyond the limit, too.
        var second = CompletableFuture.supplyAsync(() -> lease("heads", "abt", "lease-2", 10)).get(5, TimeUnit.SECONDS);
        finish.countDown();

        var all = new ArrayList<>(second);
        all.addAll(first.get(5, TimeUnit.SECONDS));
        all.addAll(lease("heads", "abt", "lease-3", 10));
        assertThat(all).hasSize(10).doesNotHaveDuplicates();
    }

    /** Else a backlog at the queue would feed itself. */
    @Test
    void onlyAMessageThatHasLeftIsSentAgain() {
        String lost = writeRequest("queued");
        deliver(writeOutbox("call-requests", lost), NOW);
        String stillHere = writeRequest("queued");
        deliver(writeOutbox("call-requests", stillHere), NOW);
        writeOutbox("call-requests", stillHere);

        assertThat(ledger.select("select-overdue-queued", Map.of("queuedBefore", NOW)))
                .extracting(row -> row.get("request_id")).containsExactly(lost);
    }

    @Test
    void theOrderOfAStreamIsTheOrderOfItsCommits() throws Exception {
        ledger.update("insert-stream", Map.of("stream", "a"));

        assertWaits(() -> writeOutbox("abt", "a"), () -> writeOutbox("abt", "a"));

        assertThat(ledger.jdbc.sql("SELECT seq FROM outbox ORDER BY id").query(Long.class).list()).containsExactly(1L, 2L);
    }

    @Test
    void deliveredRowsGoAfterADayAndNoOthers() {
        writeOutbox("abt", "a");
        String old = writeOutbox("abt", "b");
        ledger.jdbc.sql("UPDATE outbox SET state = 'delivered', delivered_at = ? WHERE id = ?").params(NOW.minusDays(2), old).update();

        assertThat(ledger.update("delete-delivered-outbox", Map.of("deliveredBefore", NOW.minusDays(1)))).isEqualTo(1);
        assertThat(lease("heads", "abt", "lease-1", 10)).hasSize(1);
    }

    // --- Reading ---

    @Test
    void aListIsPagedNewestFirstAndFiltered() {
        var made = List.of(writeRequest("queued"), writeRequest("held"), writeRequest("queued"));
        var all = new HashMap<String, Object>(Map.of("limit", 2));

        assertThat(list(all)).as("one more than the page, so that a next one shows").containsExactly(made.get(2), made.get(1), made.get(0));
        all.put("cursor", made.get(1));
        assertThat(list(all)).containsExactly(made.get(0));
        assertThat(list(Map.of("limit", 50, "state", "held"))).containsExactly(made.get(1));
        assertThat(list(Map.of("limit", 50, "created_from", "2026-11-22T12:00:00.123Z"))).hasSize(3);
        assertThat(list(Map.of("limit", 50, "created_from", "2026-11-22T13:00:00.124+01:00"))).isEmpty();
        assertThat(list(Map.of("limit", 50, "number", "+12065550199"))).isEmpty();
    }

    private List<Object> list(Map<String, Object> query) {
        return ledger.select("list-requests", Map.of("query", query)).stream().map(row -> row.get("request_id")).toList();
    }

    @Test
    void anEventFindsItsAttemptByMetadataElseByCallId() {
        String byMetadata = writeRequest("calling");
        String byCall = writeRequest("calling");
        writeAttempt(byMetadata, "dialing");
        writeAttempt(byCall, "dialed");
        ledger.jdbc.sql("UPDATE attempt SET call_id = 'call_1' WHERE request_id = ?").param(byCall).update();

        assertThat(found(Map.of("requestId", byMetadata, "attempt", 1, "callId", "call_1"))).containsExactly(byMetadata);
        assertThat(found(Map.of("callId", "call_1"))).containsExactly(byCall);
        assertThat(found(Map.of("requestId", byMetadata, "attempt", 2, "callId", "call_9"))).isEmpty();
    }

    private List<Object> found(Map<String, Object> event) {
        return ledger.select("find-attempt", event).stream().map(row -> row.get("request_id")).toList();
    }

    // --- Fixtures ---

    private String writeRequest(String state) {
        String requestId = ids.next();
        var call = new HashMap<String, Object>();
        for (String field : List.of("contact_id", "campaign", "purpose", "consent_basis", "consent_obtained_at",
                "consent_reference", "timezone", "dynamic_variables", "metadata")) {
            call.put(field, null);
        }
        var request = Map.<String, Object>of(
                "requestId", requestId, "toNumber", "+12065550100", "fromNumber", "+14155550100", "agentId", "agent_1",
                "call", call, "actor", "engage", "expiresAt", NOW.plusDays(3), "now", NOW);
        ledger.update("insert-person", request);
        ledger.update("insert-request", request);
        ledger.jdbc.sql("UPDATE request SET state = ? WHERE request_id = ?").params(state, requestId).update();
        return requestId;
    }

    private void writeAttempt(String requestId, String state) {
        ledger.update("insert-attempt", Map.of("requestId", requestId, "dialAt", NOW, "now", NOW));
        ledger.jdbc.sql("UPDATE attempt SET state = ? WHERE request_id = ?").params(state, requestId).update();
    }

    /** Appends to the outbox as {@code direct:append-outbox} does. */
    private String writeOutbox(String sink, String stream) {
        String id = ids.next();
        var row = Map.<String, Object>of(
                "outboxId", id, "outboxSink", sink, "outboxKind", "kind", "outboxPayload", "{}", "stream", stream, "now", NOW);
        ledger.update("insert-stream", row);
        ledger.update("advance-stream", row);
        assertThat(ledger.update("insert-outbox", row)).isEqualTo(1);
        return id;
    }

    private List<Object> lease(String take, String sink, String leaseId, int batchSize) {
        return lease(take, sink, leaseId, batchSize, NOW);
    }

    /** Leases as {@code direct:lease-outbox} does, and answers the rows in their order. */
    private List<Object> lease(String take, String sink, String leaseId, int batchSize, OffsetDateTime now) {
        return ledger.inTransaction(() -> {
            var relay = new HashMap<String, Object>(Map.of(
                    "sink", sink, "leaseId", leaseId, "batchSize", batchSize, "leaseUntil", now.plusSeconds(60), "now", now));
            var due = outboxIds("select-due-" + take, relay);
            if (due.isEmpty()) {
                return due;
            }
            relay.put("dueIds", due);
            var leased = outboxIds("lock-due-outbox", relay);
            if (!leased.isEmpty()) {
                relay.put("leasedIds", leased);
                assertThat(ledger.update("lease-outbox", relay)).isEqualTo(leased.size());
            }
            return leased;
        });
    }

    private List<Object> outboxIds(String file, Map<String, Object> relay) {
        return ledger.select(file, relay).stream().map(row -> row.get("id")).toList();
    }

    private interface Work<T> {
        T run();
    }

    /** Proves that the second piece of work waits until the transaction of the first has committed, and answers its result. */
    private <T> T assertWaits(Work<?> first, Work<T> second) throws Exception {
        var done = new CountDownLatch(1);
        var waiting = CompletableFuture.supplyAsync(() -> {
            awaitLatch(done);
            return ledger.inTransaction(second::run);
        });
        ledger.inTransaction(() -> {
            first.run();
            done.countDown();
            await().during(Duration.ofMillis(200)).until(() -> !waiting.isDone());
            return null;
        });
        return waiting.get(5, TimeUnit.SECONDS);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
