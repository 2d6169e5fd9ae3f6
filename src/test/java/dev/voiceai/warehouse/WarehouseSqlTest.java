package dev.voiceai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The statements of routes/sql/warehouse-*.sql on the embedded warehouse. */
class WarehouseSqlTest {

    private static final String EVENT = """
            {"call_id":"call_1","event":"call_started","request_id":"r1","attempt":1,"payload_sha256":"ab",
             "received_at":"%s","direction":"outbound","payload":{"call":{"call_id":"call_1"}}}""";

    @TempDir
    Path folder;

    private EmbeddedWarehouse warehouse;

    @BeforeEach
    void open() {
        warehouse = EmbeddedWarehouse.in(folder);
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    @Test
    void aNewRequestIsAddedARepeatChangesNothingAndOnlyAHigherVersionReplacesIt() {
        assertThat(warehouse.write("requests", request(2, "queued"))).isEqualTo(1);
        assertThat(warehouse.write("requests", request(2, "queued"))).isZero();
        assertThat(warehouse.write("requests", request(1, "accepted"))).isZero();
        assertThat(state()).isEqualTo("queued");
        assertThat(warehouse.write("requests", request(3, "calling"))).isEqualTo(1);
        assertThat(state()).isEqualTo("calling");
    }

    @Test
    void theWholeHistoryOnceMoreChangesNothing() {
        var history = List.of(request(1, "accepted"), request(2, "queued"), request(3, "calling"), request(4, "done"));
        history.forEach(version -> warehouse.write("requests", version));
        assertThat(history).allSatisfy(version -> assertThat(warehouse.write("requests", version)).isZero());
        assertThat(state()).isEqualTo("done");
    }

    @Test
    void anAttemptIsKnownByRequestAndNumber() {
        assertThat(warehouse.write("attempts", """
                [{"request_id":"r1","attempt":1,"version":1},
                 {"request_id":"r1","attempt":2,"version":1}]""")).isEqualTo(2);
        assertThat(warehouse.write("attempts", """
                [{"request_id":"r1","attempt":2,"version":2,"state":"ended"}]""")).isEqualTo(1);
        assertThat(warehouse.query("SELECT state FROM attempts ORDER BY attempt"))
                .extracting(row -> row.get("STATE")).containsExactly(null, "ended");
    }

    @Test
    void anEventIsAddedOnceHoweverOftenItComes() {
        var event = "[" + EVENT.formatted("2026-11-22T10:00:00.123Z") + "]";
        assertThat(warehouse.write("call_events", event, "2026-11-22T10:00:00.123Z")).isEqualTo(1);
        assertThat(warehouse.write("call_events", event, "2026-11-22T10:00:00.123Z")).isZero();
        assertThat(warehouse.write("activity", """
                [{"event_id":"e1","event_at":"2026-11-22T10:00:00Z","data":{}}]""")).isEqualTo(1);
        assertThat(warehouse.write("activity", """
                [{"event_id":"e1","event_at":"2026-11-22T10:00:00Z","data":{}},
                 {"event_id":"e2","event_at":"2026-11-22T10:00:00Z","data":{}}]""")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"requests", "attempts", "tasks", "call_events", "activity"})
    void anEmptyArrayIsNoRows(String table) {
        assertThat(warehouse.write(table, "[]")).isZero();
    }

    @Test
    void everyCharacterOfAValueIsKept() {
        var odd = "it's a \\\"quote\\\" ? :?rows ; -- \\\\ \\n 😀 ção [1] {}";
        warehouse.write("attempts", """
                [{"request_id":"r1","attempt":1,"version":1,"transcript":"%s","custom_analysis":{"said":"%s"}}]"""
                .formatted(odd, odd));
        var row = warehouse.row("SELECT transcript, GET_PATH(custom_analysis,'said') AS said FROM attempts");
        assertThat(row.get("TRANSCRIPT")).isEqualTo("it's a \"quote\" ? :?rows ; -- \\ \n 😀 ção [1] {}")
                .isEqualTo(row.get("SAID"));
    }

    @Test
    void valuesKeepTheirTypes() {
        warehouse.write("attempts", """
                [{"request_id":"r1","attempt":1,"version":9007199254740993,"duration_ms":61234,"cost_usd":0.123456,
                  "call_successful":true,"in_voicemail":false,
                  "custom_analysis":{"score":12.3456789012345678901234567}}]""");
        assertThat(warehouse.row("SELECT * FROM attempts")).containsEntry("VERSION", 9007199254740993L)
                .containsEntry("DURATION_MS", 61234L).containsEntry("COST_USD", new BigDecimal("0.123456"))
                .containsEntry("CALL_SUCCESSFUL", true).containsEntry("IN_VOICEMAIL", false)
                .containsEntry("CUSTOM_ANALYSIS", "{\"score\":12.3456789012345678901234567}");
    }

    @Test
    void absentAndNullValuesAreNull() {
        warehouse.write("requests", """
                [{"request_id":"r1","version":1,"final":null,"campaign":null,"not_before":null,"metadata":null}]""");
        assertThat(warehouse.query("""
                SELECT * FROM requests WHERE final IS NULL AND campaign IS NULL AND not_before IS NULL
                 AND metadata IS NULL AND state IS NULL AND expires_at IS NULL AND dynamic_variables IS NULL"""))
                .hasSize(1);
    }

    @Test
    void aTimeIsTheSameMomentWhateverItsOffset() {
        warehouse.write("tasks", """
                [{"task_id":"t1","version":1,"due_at":"2026-11-22T23:30:00.123-08:00",
                  "created_at":"2026-11-23T07:30:00.123Z"}]""");
        var row = warehouse.row("SELECT due_at, created_at, due_at = created_at AS same FROM tasks");
        assertThat(row).containsEntry("SAME", true)
                .containsEntry("DUE_AT", OffsetDateTime.parse("2026-11-22T23:30:00.123-08:00"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[{\"request_id\":\"r1\",\"version\":1,\"not_before\":\"tomorrow\"}]",
        "[{\"request_id\":\"r1\",\"version\":\"first\"}]",
        "[{\"request_id\":\"r1\",\"version\":1,\"final\":\"maybe\"}]",
        "[{\"request_id\":\"r1\"}]",
        "[{\"request_id\":\"0123456789012345678901234567890123456789\",\"version\":1}]",
        "[{\"request_id\":\"r1\",\"version\":1}",
    })
    void dataThatDoesNotFitIsADataErrorAndChangesNothing(String rows) {
        warehouse.write("requests", request(1, "accepted").replace("r1", "r0"));
        assertThatThrownBy(() -> warehouse.write("requests", rows)).cause()
                .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).matches("22.*|23502"));
        assertThat(warehouse.query("SELECT request_id FROM requests")).hasSize(1);
    }

    @Test
    void tablesAndRowsSurviveARestart() {
        warehouse.write("requests", request(1, "accepted"));
        warehouse.close();
        warehouse = EmbeddedWarehouse.in(folder);
        assertThat(state()).isEqualTo("accepted");
    }

    @Test
    void everyTableAndColumnIsDescribed() {
        assertThat(warehouse.query("""
                SELECT table_name FROM information_schema.tables
                WHERE table_schema = 'PUBLIC' AND COALESCE(remarks, '') = ''""")).isEmpty();
        assertThat(warehouse.query("""
                SELECT c.table_name, c.column_name FROM information_schema.columns c
                JOIN information_schema.tables t ON t.table_name = c.table_name AND t.table_schema = c.table_schema
                WHERE t.table_schema = 'PUBLIC' AND t.table_type = 'BASE TABLE' AND c.remarks IS NULL""")).isEmpty();
    }

    private Object state() {
        return warehouse.row("SELECT state FROM requests").get("STATE");
    }

    private static String request(int version, String state) {
        return "[{\"request_id\":\"r1\",\"version\":%d,\"state\":\"%s\"}]".formatted(version, state);
    }
}
