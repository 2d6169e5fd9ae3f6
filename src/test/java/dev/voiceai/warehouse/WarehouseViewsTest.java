package dev.voiceai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The views of routes/sql/warehouse/views.sql over a small history with what goes wrong in a large one. */
class WarehouseViewsTest {

    private static final String DAY = "2026-11-22";

    @TempDir
    Path folder;

    private final TimeZone zone = TimeZone.getDefault();
    private EmbeddedWarehouse warehouse;

    @BeforeEach
    void open() {
        // Days are UTC days wherever the machine stands.
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
        warehouse = EmbeddedWarehouse.in(folder);
    }

    @AfterEach
    void close() {
        warehouse.close();
        TimeZone.setDefault(zone);
    }

    @Test
    void theFunnelCountsARequestOnceAtEachStageHoweverOftenItWasDialed() {
        request("r1", "'spring','done','completed'");
        attempt("r1", 1, "'c1','voicemail'", "started_at = TIMESTAMP WITH TIME ZONE '2026-11-22 23:01:00Z'");
        attempt("r1", 2, "'c2','completed'", "started_at = TIMESTAMP WITH TIME ZONE '2026-11-22 23:02:00Z'");
        attempt("r1", 3, "'c3','completed'", "");
        request("r2", "'spring','done','voicemail'");
        attempt("r2", 1, "'c4','voicemail'", "started_at = TIMESTAMP WITH TIME ZONE '2026-11-22 23:01:00Z'");
        request("r3", "'spring','done','failed'");
        attempt("r3", 1, "NULL,NULL", "refusal_code = 'HTTP 400'");
        request("r4", "'spring','rejected',NULL");
        request("r5", "'spring','calling',NULL");
        attempt("r5", 1, "'c5',NULL", "started_at = TIMESTAMP WITH TIME ZONE '2026-11-22 23:01:00Z'");
        request("r6", "'spring','unknown',NULL");
        attempt("r6", 1, "NULL,NULL", "state = 'unknown'");

        assertThat(rows("funnel")).containsExactly(DAY + " spring 6 3 2 1");
    }

    @Test
    void theFunnelNeverWidensWhereAPersonGaveTheOutcome() {
        request("r1", "NULL,'done','completed'");
        attempt("r1", 1, "NULL,NULL", "state = 'unknown'");
        request("r2", "NULL,'done','not_reached'");

        assertThat(rows("funnel")).containsExactly(DAY + " null 2 2 1 1");
    }

    @Test
    void aCallThatCompletedHasReachedAPersonThoughItsStartWasLost() {
        request("r1", "'spring','done','completed'");
        attempt("r1", 1, "'c1','completed'", "started_at = NULL");

        assertThat(rows("funnel")).containsExactly(DAY + " spring 1 1 1 1");
        assertThat(rows("answer_rate_by_hour")).containsExactly("spring null 1 1 100");
    }

    @Test
    void outcomesAreCountedOnTheUtcDayTheRequestClosedByCampaign() {
        request("r1", "'spring','done','completed'");
        request("r2", "'spring','done','completed'");
        request("r3", "'autumn','done','completed'");
        request("r4", "'spring','rejected',NULL");
        request("r5", "'spring','queued',NULL");
        warehouse.execute("UPDATE requests SET reason_code = 'do_not_call' WHERE request_id = 'r4'");
        warehouse.execute("UPDATE requests SET final = FALSE WHERE request_id = 'r5'");
        warehouse.execute("UPDATE requests SET updated_at = TIMESTAMP WITH TIME ZONE '2026-11-23 00:10:00Z' WHERE request_id = 'r2'");

        assertThat(rows("outcomes_by_day")).containsExactlyInAnyOrder(
                DAY + " spring done completed null 1",
                "2026-11-23 spring done completed null 1",
                DAY + " autumn done completed null 1",
                DAY + " spring rejected null do_not_call 1");
    }

    @Test
    void theAnswerRateIsByTheHourOfThePersonCalled() {
        request("r1", "'spring','done','completed'");
        request("r2", "'spring','done','voicemail'");
        request("r3", "'spring','done','completed'");
        request("r4", "'spring','done','not_reached'");
        request("r5", "'spring','done','failed'");
        warehouse.execute("UPDATE requests SET timezone = 'America/New_York', local_timezone = 'America/New_York'");
        // Made before the column was there: the given zone counts.
        warehouse.execute("UPDATE requests SET local_timezone = NULL WHERE request_id = 'r2'");
        // No zone was given, and the number's is not known, or is.
        warehouse.execute("UPDATE requests SET timezone = NULL, local_timezone = NULL WHERE request_id = 'r3'");
        warehouse.execute("UPDATE requests SET timezone = NULL, local_timezone = 'Asia/Kolkata' WHERE request_id = 'r4'");
        attempt("r1", 1, "'c1','not_reached'", "dialing_at = TIMESTAMP WITH TIME ZONE '2026-03-08 06:59:59Z'");
        // One second later the clocks of New York have gone from 2 to 3.
        attempt("r1", 2, "'c2','completed'", "dialing_at = TIMESTAMP WITH TIME ZONE '2026-03-08 07:00:00Z'");
        attempt("r2", 1, "'c3','voicemail'", "started_at = dialing_at, dialing_at = TIMESTAMP WITH TIME ZONE '2026-03-08 07:30:00Z'");
        attempt("r5", 1, "'c6','not_reached'", "dialing_at = TIMESTAMP WITH TIME ZONE '2026-03-08 07:30:00Z'");
        attempt("r5", 2, "NULL,NULL", "refusal_code = 'HTTP 400'");
        attempt("r3", 1, "'c4','completed'", "");
        attempt("r4", 1, "'c5','not_reached'", "started_at = dialing_at, dialing_at = TIMESTAMP WITH TIME ZONE '2026-11-22 23:00:00Z'");

        assertThat(rows("answer_rate_by_hour")).containsExactlyInAnyOrder(
                "spring 1 1 0 0", "spring 3 3 1 33.3", "spring null 1 1 100", "spring 4 1 0 0");
    }

    @Test
    void theTimeToDialGoesFromTheMomentTheCallWasWantedToTheFirstPlacedDial() {
        request("r1", "'spring','done','completed'");
        // The first dial was refused, nothing rang; the second was placed, and the third is a retry.
        attempt("r1", 1, "NULL,NULL", "dialing_at = TIMESTAMP WITH TIME ZONE '2026-11-22 23:00:01Z'");
        attempt("r1", 2, "'c1','not_reached'", "dialing_at = TIMESTAMP WITH TIME ZONE '2026-11-22 23:00:02Z'");
        attempt("r1", 3, "'c2','completed'", "dialing_at = TIMESTAMP WITH TIME ZONE '2026-11-22 23:59:00Z'");
        request("r2", "'spring','done','completed'");
        warehouse.execute("UPDATE requests SET not_before = TIMESTAMP WITH TIME ZONE '2026-11-22 23:59:00Z' WHERE request_id = 'r2'");
        attempt("r2", 1, "'c3','completed'", "dialing_at = TIMESTAMP WITH TIME ZONE '2026-11-22 23:59:04Z'");
        // Wanted on the next day; a not_before that has gone by does not count.
        request("r3", "'spring','done','completed'");
        warehouse.execute("UPDATE requests SET created_at = TIMESTAMP WITH TIME ZONE '2026-11-23 00:00:00Z' WHERE request_id = 'r3'");
        warehouse.execute("UPDATE requests SET not_before = TIMESTAMP WITH TIME ZONE '2026-11-01 00:00:00Z' WHERE request_id = 'r3'");
        attempt("r3", 1, "'c4','completed'", "dialing_at = TIMESTAMP WITH TIME ZONE '2026-11-23 00:00:00.5Z'");
        request("r4", "'spring','held',NULL");

        assertThat(rows("time_to_dial")).containsExactlyInAnyOrder(
                DAY + " spring 2 3000 3900 4000", "2026-11-23 spring 1 500 500 500");
    }

    @Test
    void theTurnaroundOfTasksIsToTheirClosing() {
        warehouse.write("tasks", """
                [{"task_id":"t1","version":2,"type":"field-writeback","state":"done",
                  "created_at":"2026-11-22T23:00:00Z","updated_at":"2026-11-22T23:00:05Z"},
                 {"task_id":"t2","version":2,"type":"field-writeback","state":"done",
                  "created_at":"2026-11-22T23:00:00Z","updated_at":"2026-11-23T23:00:06Z"},
                 {"task_id":"t3","version":9,"type":"field-writeback","state":"needs_review",
                  "created_at":"2026-11-22T23:00:00Z","updated_at":"2026-11-23T23:00:05Z"}]""");

        assertThat(rows("task_turnaround")).containsExactlyInAnyOrder(
                DAY + " field-writeback done 2 43205500", DAY + " field-writeback needs_review 1 null");
    }

    @Test
    void theCostIsThatOfEveryCallAlsoOfThoseThatNobodyRequested() {
        request("r1", "'spring','done','completed'");
        attempt("r1", 1, "'c1','voicemail'", "duration_ms = 20000, cost_usd = 0.05");
        attempt("r1", 2, "'c2','completed'", "duration_ms = 60000, cost_usd = 0.25");
        request("r2", "'spring','done','completed'");
        attempt("r2", 1, "'c3','completed'", "");
        attempt("r2", 2, "NULL,NULL", "refusal_code = 'HTTP 400'");
        request("r3", "'autumn','done','not_reached'");
        attempt("r3", 1, "'c4','not_reached'", "duration_ms = 0");
        warehouse.write("call_events", """
                [{"call_id":"c2","event":"call_ended","payload_sha256":"1","received_at":"2026-11-22T23:00:00Z",
                  "request_id":"r1","attempt":2,"direction":"outbound","duration_ms":60000,"cost_usd":0.2},
                 {"call_id":"c9","event":"call_ended","payload_sha256":"1","received_at":"2026-11-22T23:00:00Z",
                  "request_id":"r1","attempt":2,"direction":"outbound","duration_ms":1000,"cost_usd":0.01},
                 {"call_id":"in","event":"call_started","payload_sha256":"1","received_at":"2026-11-22T23:59:00Z",
                  "direction":"inbound"},
                 {"call_id":"in","event":"call_ended","payload_sha256":"2","received_at":"2026-11-23T00:01:00Z",
                  "direction":"inbound","duration_ms":120000,"cost_usd":0.3},
                 {"call_id":"in","event":"call_analyzed","payload_sha256":"3","received_at":"2026-11-23T00:02:00Z",
                  "direction":"inbound","duration_ms":120000,"cost_usd":0.31},
                 {"call_id":"out","event":"call_ended","payload_sha256":"1","received_at":"2026-11-22T23:00:00Z",
                  "direction":"outbound","duration_ms":5000}]""");

        assertThat(rows("cost_by_day")).containsExactlyInAnyOrder(
                DAY + " spring requested 4 2 81000 3 0.31 0.155",
                DAY + " autumn requested 1 0 0 0 null null",
                DAY + " null inbound 1 0 120000 1 0.31 null",
                DAY + " null elsewhere 1 0 5000 0 null null");
    }

    @Test
    void anEmptyWarehouseHasNoRowsAndDividesByNothing() {
        for (Report report : Reports.read(EmbeddedWarehouse.ROUTES).list()) {
            assertThat(rows(report.view())).as(report.view()).isEmpty();
        }
    }

    @Test
    void everyColumnIsDescribed() {
        var described = Reports.read(EmbeddedWarehouse.ROUTES).list().stream().collect(Collectors.toMap(Report::view,
                report -> report.columns().stream().map(Report.Column::name).toList()));
        var made = warehouse.query("""
                SELECT LOWER(table_name) AS v, LOWER(column_name) AS c FROM information_schema.columns
                WHERE table_schema = 'PUBLIC' AND table_name IN (SELECT table_name FROM information_schema.views)
                ORDER BY table_name, ordinal_position""").stream().collect(Collectors.groupingBy(row -> row.get("V"),
                Collectors.mapping(row -> row.get("C"), Collectors.toList())));

        assertThat(made).hasSize(6).isEqualTo(described);
        assertThat(warehouse.query("""
                SELECT table_name FROM information_schema.tables
                WHERE table_schema = 'PUBLIC' AND table_type = 'VIEW' AND remarks IS NULL""")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "CREATE OR REPLACE VIEW weather AS\nSELECT 1;\nCOMMENT ON VIEW weather IS 'Rain';",
        "CREATE OR REPLACE VIEW weather (\n  rain COMMENT 'In millimetres',\n  wind\n) AS\nSELECT 1, 2;\nCOMMENT ON VIEW weather IS 'Rain';",
        "CREATE OR REPLACE VIEW weather (\n  rain COMMENT 'In millimetres'\n) AS\nSELECT 1;"})
    void aViewThatIsNotDescribedIsRefusedAtStart(String views) throws IOException {
        Files.createDirectories(folder.resolve("sql/warehouse"));
        Files.writeString(folder.resolve("sql/warehouse/views.sql"), views);

        assertThatThrownBy(() -> Reports.read(folder)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("weather");
    }

    @Test
    void noReportShowsAPerson() {
        var personal = warehouse.query("""
                SELECT LOWER(column_name) AS c FROM information_schema.columns
                WHERE table_schema = 'PUBLIC' AND remarks LIKE '%ersonal data%'""").stream().map(row -> row.get("C")).toList();

        assertThat(personal).contains("to_number", "transcript");
        assertThat(Reports.read(EmbeddedWarehouse.ROUTES).list()).flatExtracting(Report::columns)
                .extracting(Report.Column::name).doesNotContainAnyElementsOf(personal.stream().map(String::valueOf).toList())
                .doesNotContain("request_id", "call_id", "contact_id");
    }

    /** @param values campaign, state and outcome as SQL */
    private void request(String id, String values) {
        warehouse.execute("""
                INSERT INTO requests (request_id, version, campaign, state, outcome, final, created_at, updated_at)
                VALUES ('%s', 1, %s, TRUE, TIMESTAMP WITH TIME ZONE '2026-11-22 23:00:00Z',
                    TIMESTAMP WITH TIME ZONE '2026-11-22 23:59:59Z')""".formatted(id, values));
    }

    /** @param values call_id and outcome as SQL; further: columns that are set then, or nothing */
    private void attempt(String request, int number, String values, String further) {
        warehouse.execute("""
                INSERT INTO attempts (request_id, attempt, version, call_id, outcome, dialing_at)
                VALUES ('%s', %d, 1, %s, TIMESTAMP WITH TIME ZONE '2026-11-22 23:00:30Z')""".formatted(request, number, values));
        if (!further.isEmpty()) {
            warehouse.execute("UPDATE attempts SET %s WHERE request_id = '%s' AND attempt = %d"
                    .formatted(further, request, number));
        }
    }

    /** Each row in one line, numbers without needless zeros. */
    private List<String> rows(String view) {
        return warehouse.query("SELECT * FROM " + view).stream().map(Map::values)
                .map(row -> row.stream().map(WarehouseViewsTest::text).collect(Collectors.joining(" "))).toList();
    }

    private static String text(Object value) {
        return value instanceof Number number
                ? new BigDecimal(number.toString()).stripTrailingZeros().toPlainString() : String.valueOf(value);
    }
}
