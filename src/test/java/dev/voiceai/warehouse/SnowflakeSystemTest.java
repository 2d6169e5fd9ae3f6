package dev.voiceai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.voiceai.system.RunningSystem;
import dev.voiceai.warehouse.server.Fault;
import dev.voiceai.warehouse.server.ReceivedRequest;
import dev.voiceai.warehouse.server.SnowflakeServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/**
 * The whole system with its warehouse behind Snowflake's driver, on a server that breaks in every way. After each test
 * everything that the ledger has for the warehouse is there, once, and came in its order; nothing secret is in the log.
 */
@ExtendWith(OutputCaptureExtension.class)
class SnowflakeSystemTest {

    /** The driver gives up within seconds; what it does until then is what it does in production. */
    private static final String IMPATIENT = "&loginTimeout=2&maxHttpRetries=1";
    private static final Duration INTERVAL = Duration.ofMillis(500);
    /** Not the one in the start banner. */
    private static final String NUMBER = "+12065550147";

    @TempDir
    private static Path folder;

    private static SnowflakeServer server;
    private static ServiceUser user;
    private static RunningSystem system;
    private static String callOfTheStart;

    @BeforeAll
    static void startWhileSnowflakeIsDown() throws Exception {
        server = new SnowflakeServer();
        user = ServiceUser.named("voice_ai_service");
        server.trust(user.name(), user.keys().getPublic());
        var key = Files.createFile(folder.resolve("rsa_key.p8"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, user.pem());
        var patient = server.url("voice_ai", "calls", "");
        var login = user.settings().withProperty("warehouse.url", patient);
        try (var administrator = new SnowflakeDataSource(patient, login).getConnection()) {
            ScriptUtils.executeSqlScript(administrator,
                    new FileSystemResource(TestWarehouse.ROUTES.resolve("sql/warehouse/snowflake-account.sql")));
        }
        WarehouseSetup.run(login);
        server.stop();
        system = RunningSystem.start(Map.of(
                "warehouse.url", server.url("voice_ai", "calls", IMPATIENT),
                "warehouse.user", user.name(),
                "warehouse.private-key-file", key.toString(),
                "warehouse.flush-interval", INTERVAL.toString(),
                "warehouse.flush-rows", "50"));
        // Above the driver's login time-out, as in production.
        system.bean(WarehousePool.class).getHikariConfigMXBean().setConnectionTimeout(3_000);
        callOfTheStart = system.requestCall(NUMBER);
        system.awaitFinal(callOfTheStart);
        server.start();
    }

    @AfterAll
    static void stop() {
        system.close();
        server.close();
    }

    @AfterEach
    void everythingIsThereOnceAndNothingSecretIsLogged(CapturedOutput output) {
        server.faults().clear();
        awaitDelivery();
        StoredRows.assertEqual(system, server);
        StoredRows.assertOrder(server);
        assertThat(List.of(user.base64().substring(0, 60), "eyJ", NUMBER, "Ms Doe", "User:"))
                .noneMatch(output.getAll()::contains);
    }

    @Test
    void aCallThatWasPlacedWhileSnowflakeWasDownArrives() throws Exception {
        awaitDelivery();

        assertThat(server.rows("requests").stream()
                .filter(row -> row.path("request_id").asText().equals(callOfTheStart)))
                .singleElement().satisfies(row -> assertThat(row.path("state").asText()).isEqualTo("done"));
        assertThat(readiness().path("status").asText()).isEqualTo("UP");
        assertThat(server.sessionParameters()).isNotEmpty().allSatisfy(parameters ->
                assertThat(parameters.path("QUERY_TAG").asText()).isEqualTo("app=voice-ai"));
    }

    @Test
    void aFlushIsOneStatementForEachTableInAtMostTwoRequests() {
        awaitDelivery();
        var before = server.requests().size();
        insertIntoOutbox(
                row("requests", "{\"request_id\":\"two versions\",\"version\":1,\"state\":\"accepted\"}"),
                row("requests", """
                        {"request_id":"two versions","version":2,"state":"queued","campaign":"it's ? ; -- 😀"}"""),
                row("attempts", "{\"request_id\":\"%s\",\"attempt\":1,\"version\":1,\"cost_usd\":0.25}"),
                row("call_events", """
                        {"call_id":"%s","event":"call_started","payload_sha256":"ab","payload":{"a":[1]},
                         "received_at":"2026-11-22T10:00:00.123Z"}"""),
                row("tasks", "{\"task_id\":\"%s\",\"version\":1,\"type\":\"field-writeback\",\"fields\":{\"x\":1}}"),
                row("activity", "{\"event_id\":\"%s\",\"event_at\":\"2026-11-22T10:00:00Z\",\"data\":{}}"));

        awaitDelivery();

        var statements = server.requests().stream().skip(before).filter(ReceivedRequest::isStatement).toList();
        assertThat(statements.stream().filter(statement -> !statement.describeOnly())
                .map(statement -> statement.sql().split("\\s+")[2]))
                .containsExactlyInAnyOrder("requests", "attempts", "call_events", "tasks", "activity");
        assertThat(statements).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void commitsDoNotWakeTheWarehouseItsIntervalDoes() {
        awaitDelivery();
        var before = server.executions().size();
        var start = System.nanoTime();

        IntStream.range(0, 20).forEach(i -> scheduleCall());
        awaitDelivery();

        var intervals = Duration.ofNanos(System.nanoTime() - start).dividedBy(INTERVAL);
        assertThat(server.executions().stream().skip(before)
                .filter(statement -> statement.sql().startsWith("MERGE INTO requests")).count())
                .isLessThanOrEqualTo(intervals + 1);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("503 twice", List.of(Fault.UNAVAILABLE, Fault.UNAVAILABLE)),
                Arguments.of("dropped before execution", List.of(Fault.DROP_BEFORE)),
                Arguments.of("dropped after execution", List.of(Fault.DROP_AFTER, Fault.DROP_AFTER)),
                Arguments.of("session gone", List.of(Fault.SESSION_GONE)),
                Arguments.of("silent", List.of(Fault.SILENT)),
                Arguments.of("too many waiters of a lock", List.of(Fault.error("000625", "57014"))),
                Arguments.of("statement timed out", List.of(Fault.error("000630", "57014"))),
                Arguments.of("internal error", List.of(Fault.error("000603", "XX000"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aFaultLosesAndDoublesNothing(String name, List<Fault> faults) {
        server.faults().next(faults.toArray(Fault[]::new));
        var calls = IntStream.range(0, 3).mapToObj(i -> scheduleCall()).toList();
        cancel(calls.get(0));

        await(name).atMost(RunningSystem.PATIENCE).until(server.faults()::isUsedUp);
        awaitDelivery();

        assertThat(server.rows("requests")).extracting(row -> row.path("request_id").asText()).containsAll(calls);
        assertThat(parked()).as(errors()).isZero();
    }

    static Stream<Arguments> delays() {
        return Stream.of(
                Arguments.of(Fault.TOKEN_EXPIRED, "/session/token-request"),
                Arguments.of(Fault.IN_PROGRESS, "/queries/[^/]+/result"));
    }

    /** An expired token and a slow statement are the driver's affair: the flush does not fail. */
    @ParameterizedTest
    @MethodSource("delays")
    void theDriverSeesToItItself(Fault fault, String path) {
        awaitDelivery();
        var before = server.requests().size();
        server.faults().next(fault);
        var requestId = scheduleCall();

        awaitDelivery();

        assertThat(server.requests().stream().skip(before)).anyMatch(request -> request.path().matches(path));
        assertThat(system.ledger().sql("SELECT MAX(attempts) FROM outbox WHERE sink = 'warehouse' AND stream = ?")
                .param(requestId).query(Integer.class).single()).isZero();
    }

    @Test
    void aLostAnswerDoublesNothingEvenWhereSnowflakeRunsTheRepeat() {
        server.faults().repeatsRunAgain();
        server.faults().next(Fault.DROP_AFTER, Fault.DROP_AFTER);
        cancel(scheduleCall());

        await().atMost(RunningSystem.PATIENCE).until(server.faults()::isUsedUp);
        awaitDelivery();
    }

    @Test
    void aMissingGrantParksNothingAndShowsInReadiness() throws Exception {
        server.faults().always(Fault.error("003001", "42501"));
        scheduleCall();
        scheduleCall();

        await().atMost(RunningSystem.PATIENCE).until(() -> errors().contains("error 3001"));

        assertThat(parked()).isZero();
        assertThat(readiness().toString()).isEqualTo(
                "{\"status\":\"DEGRADED\",\"details\":{\"flush\":\"failed\",\"sql_state\":\"42501\",\"error\":3001}}");
        server.faults().clear();
        awaitDelivery();
        assertThat(readiness().path("status").asText()).isEqualTo("UP");
    }

    @Test
    void aPoisonRowIsParkedWithItsErrorAndTheRestGoesOn() {
        var poison = "{\"request_id\":\"%s\",\"version\":1,\"not_before\":\"ask Ms Doe\"}";
        var good = "{\"request_id\":\"%s\",\"version\":1,\"state\":\"accepted\"}";
        insertIntoOutbox(Stream.concat(Stream.of(row("requests", poison)),
                IntStream.range(0, 20).mapToObj(i -> row("requests", good))).toArray(OutboxRow[]::new));

        await().atMost(RunningSystem.PATIENCE).until(() -> parked() == 1);
        awaitDelivery();

        assertThat(errors()).isEqualTo("table requests refused the row: SQLState 22007, error 100035");
        system.ledger().sql("DELETE FROM outbox WHERE state = 'parked'").update();
    }

    @Test
    void aWrongKeyShowsInReadinessAndRowsWait() throws Exception {
        server.trust(user.name(), ServiceUser.named(user.name()).keys().getPublic());
        server.endSessions();
        scheduleCall();

        var warehouse = await().atMost(RunningSystem.PATIENCE)
                .until(SnowflakeSystemTest::readiness, health -> health.path("status").asText().equals("DEGRADED"));

        assertThat(warehouse.path("details").toString()).isEqualTo(
                "{\"connection\":\"Snowflake refused the login\",\"sql_state\":\"08001\",\"error\":390144}");
        assertThat(waiting()).isPositive();
        server.trust(user.name(), user.keys().getPublic());
        awaitDelivery();
        assertThat(readiness().path("status").asText()).isEqualTo("UP");
    }

    @Test
    void loginsThatAreUnavailableAreWaitedFor() {
        server.faults().loginsUnavailable();
        server.endSessions();
        scheduleCall();

        await().atMost(RunningSystem.PATIENCE).until(() -> readiness().path("status").asText().equals("DEGRADED"));

        assertThat(waiting()).isPositive();
    }

    @Test
    void aLongOutageUnderLoadHoldsUpNoCallAndAllRowsArriveAfterIt() {
        server.stop();
        var calls = IntStream.range(0, 15).mapToObj(i -> system.requestCall(NUMBER)).toList();
        calls.forEach(system::awaitFinal);
        assertThat(waiting()).isGreaterThan(calls.size());

        server.start();
        // A row that has failed often is tried again after a minute at most.
        await().atMost(RunningSystem.PATIENCE.multipliedBy(2)).until(() -> waiting() == 0);

        assertThat(server.rows("attempts")).extracting(row -> row.path("request_id").asText()).containsAll(calls);
    }

    private static String scheduleCall() {
        return system.requestCall(new ObjectMapper().createObjectNode().put("to_number", NUMBER)
                .put("not_before", OffsetDateTime.now().plusHours(1).toString()));
    }

    private static void cancel(String requestId) {
        assertThat(system.delete("/api/v1/calls/" + requestId, "engage").statusCode()).isEqualTo(200);
    }

    /** One table's row in the outbox; {@code %s} in its payload is its key. */
    private record OutboxRow(String kind, String payload) {
    }

    private static OutboxRow row(String kind, String payload) {
        return new OutboxRow(kind, payload);
    }

    /** In one commit, so that one flush takes them. */
    private static void insertIntoOutbox(OutboxRow... rows) {
        var now = OffsetDateTime.now();
        var values = Stream.of(rows).map(row -> "(?, 'warehouse', ?, ?, ?, ?, ?, ?)").toList();
        var insert = system.ledger().sql(
                "INSERT INTO outbox (id, sink, stream, seq, kind, payload, due_at, created_at) VALUES "
                        + String.join(", ", values));
        for (var i = 0; i < rows.length; i++) {
            var stream = UUID.randomUUID().toString();
            insert = insert.param(UUID.randomUUID().toString()).param(stream).param(i + 1).param(rows[i].kind())
                    .param(rows[i].payload().formatted(stream)).param(now).param(now);
        }
        insert.update();
    }

    private static void awaitDelivery() {
        await("delivery").atMost(RunningSystem.PATIENCE).until(() -> waiting() == 0);
    }

    private static long waiting() {
        return count("state = 'pending'");
    }

    private static long parked() {
        return count("state = 'parked'");
    }

    private static long count(String condition) {
        return system.ledger().sql("SELECT COUNT(*) FROM outbox WHERE sink = 'warehouse' AND " + condition)
                .query(Long.class).single();
    }

    /** What the outbox says of rows that are not delivered. */
    private static String errors() {
        return String.join("; ", system.ledger().sql("""
                SELECT DISTINCT error FROM outbox
                WHERE sink = 'warehouse' AND state <> 'delivered' AND error IS NOT NULL""")
                .query(String.class).list());
    }

    private static JsonNode readiness() throws Exception {
        var request = HttpRequest.newBuilder(URI.create(system.management() + "/actuator/health/readiness")).build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body()).at("/components/warehouse");
    }
}
