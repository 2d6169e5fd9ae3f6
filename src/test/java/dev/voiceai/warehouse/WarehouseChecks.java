package dev.voiceai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.TimeZone;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the statements of routes/sql/warehouse-*.sql and the views do, wherever the warehouse is. Values are compared so
 * that the engines' own ways to print a number or JSON do not count.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WarehouseChecks {

    private static final String EVENT = """
            {"call_id":"call_1","event":"call_started","request_id":"r1","attempt":1,"payload_sha256":"ab",
             "received_at":"%s","direction":"outbound","payload":{"call":{"call_id":"call_1"}}}""";

    private final TimeZone zone = TimeZone.getDefault();

    TestWarehouse warehouse;

    /** An empty warehouse with its tables and views. */
    abstract TestWarehouse open() throws Exception;

    /** After the warehouse is closed. */
    void afterwards() {
        // A subclass may have opened more.
    }

    @BeforeAll
    void openWarehouse() throws Exception {
        // Days are UTC days wherever the machine stands.
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
        warehouse = open();
    }

    @AfterAll
    void closeWarehouse() {
        TimeZone.setDefault(zone);
        if (warehouse != null) {
            warehouse.close();
        }
        afterwards();
    }

    @BeforeEach
    void deleteRows() {
        warehouse.deleteRows();
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
                [{"request_id":"r1","attempt":2,"version":2,"state":"ended"},
                 {"request_id":"r1","attempt":3,"version":1,"state":"dialing"}]""")).isEqualTo(2);
        assertThat(warehouse.query("SELECT state FROM attempts ORDER BY attempt"))
                .extracting(row -> row.get("STATE")).containsExactly(null, "ended", "dialing");
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
        assertThat(warehouse.query("SELECT event_id FROM activity ORDER BY event_id"))
                .extracting(row -> row.get("EVENT_ID")).containsExactly("e1", "e2");
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
        var row = warehouse.row("SELECT transcript, GET_PATH(custom_analysis,'said')::VARCHAR AS said FROM attempts");
        assertThat(row.get("TRANSCRIPT")).isEqualTo("it's a \"quote\" ? :?rows ; -- \\ \n 😀 ção [1] {}")
                .isEqualTo(row.get("SAID"));
    }

    @Test
    void valuesKeepTheirTypes() throws Exception {
        warehouse.write("attempts", """
                [{"request_id":"r1","attempt":1,"version":9007199254740993,"duration_ms":61234,"cost_usd":0.123456,
                  "call_successful":true,"in_voicemail":false,
                  "custom_analysis":{"score":12.375,"list":[1,"two",null]}}]""");
        var row = warehouse.row("SELECT * FROM attempts");
        assertThat(row).containsEntry("CALL_SUCCESSFUL", true).containsEntry("IN_VOICEMAIL", false)
                .hasEntrySatisfying("VERSION", number("9007199254740993"))
                .hasEntrySatisfying("DURATION_MS", number("61234"))
                .hasEntrySatisfying("COST_USD", number("0.123456"));
        var json = new ObjectMapper();
        assertThat(json.readTree(row.get("CUSTOM_ANALYSIS").toString()))
                .isEqualTo(json.readTree("{\"score\":12.375,\"list\":[1,\"two\",null]}"));
    }

    @Test
    void absentAndNullValuesAreNull() {
        warehouse.write("requests", """
                [{"request_id":"r1","version":1,"final":null,"campaign":null,"not_before":null,"metadata":null}]""");
        assertThat(warehouse.query("""
                SELECT * FROM requests WHERE final IS NULL AND campaign IS NULL AND not_before IS NULL
                 AND state IS NULL AND expires_at IS NULL AND dynamic_variables IS NULL"""))
                .hasSize(1);
    }

    @Test
    void aTimeIsTheSameMomentWhateverItsOffset() {
        warehouse.write("tasks", """
                [{"task_id":"t1","version":1,"due_at":"2026-11-22T23:30:00.123-08:00",
                  "created_at":"2026-11-23T07:30:00.123Z"}]""");
        assertThat(warehouse.row("""
                SELECT due_at = created_at AS same,
                  due_at = CAST('2026-11-23T07:30:00.123Z' AS TIMESTAMP_TZ) AS right_one
                FROM tasks""")).containsEntry("SAME", true).containsEntry("RIGHT_ONE", true);
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
    void aMissingTableIsNoDataError() {
        assertThatThrownBy(() -> warehouse.query("SELECT * FROM weather")).cause()
                .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42S02"));
    }

    @Test
    void theFunnelGoesFromRequestedToCompleted() {
        writeHistory();
        assertThat(warehouse.row("SELECT CAST(f.day_utc AS VARCHAR) AS d, f.* FROM funnel f"))
                .containsEntry("D", "2026-11-22").containsEntry("CAMPAIGN", "spring")
                .hasEntrySatisfying("REQUESTED", number("4")).hasEntrySatisfying("DIALED", number("2"))
                .hasEntrySatisfying("REACHED", number("1")).hasEntrySatisfying("COMPLETED", number("1"));
    }

    @Test
    void outcomesAreCountedOnTheDayTheRequestClosed() {
        writeHistory();
        assertThat(warehouse.query("""
                SELECT CAST(day_utc AS VARCHAR) || ' ' || state || COALESCE(' ' || outcome, '') || ' ' || requests
                  AS line
                FROM outcomes_by_day""")).extracting(row -> row.get("LINE"))
                .containsExactlyInAnyOrder("2026-11-23 done completed 1", "2026-11-23 done voicemail 1",
                        "2026-11-22 rejected 1");
    }

    @Test
    void theAnswerRateIsByTheHourOfThePersonCalled() {
        writeHistory();
        assertThat(warehouse.row("SELECT * FROM answer_rate_by_hour"))
                .hasEntrySatisfying("LOCAL_HOUR", number("18")).hasEntrySatisfying("DIALED", number("2"))
                .hasEntrySatisfying("REACHED", number("1")).hasEntrySatisfying("REACHED_PERCENT", number("50"));
    }

    @Test
    void theTimeToDialBeginsWhenTheCallWasWanted() {
        writeHistory();
        assertThat(warehouse.row("SELECT * FROM time_to_dial")).hasEntrySatisfying("DIALED", number("2"))
                .hasEntrySatisfying("LONGEST_MS", number("4000")).hasEntrySatisfying("MEDIAN_MS", number("3000"));
    }

    @Test
    void theTurnaroundOfTasksIsToTheirClosing() {
        writeHistory();
        assertThat(warehouse.row("SELECT * FROM task_turnaround")).hasEntrySatisfying("TASKS", number("1"))
                .hasEntrySatisfying("MEDIAN_MS", number("5000"));
    }

    @Test
    void theCostIsSummedAndSharedByCompletedCalls() {
        writeHistory();
        assertThat(warehouse.row("SELECT * FROM cost_by_day")).hasEntrySatisfying("COST_USD", number("0.3"))
                .hasEntrySatisfying("COST_USD_PER_COMPLETED", number("0.3"));
    }

    private void writeHistory() {
        warehouse.write("requests", """
                [{"request_id":"r1","version":9,"campaign":"spring","state":"done","final":true,"outcome":"completed",
                  "timezone":"America/New_York","created_at":"2026-11-22T23:00:00Z",
                  "updated_at":"2026-11-23T00:10:00Z"},
                 {"request_id":"r2","version":9,"campaign":"spring","state":"done","final":true,"outcome":"voicemail",
                  "timezone":"America/New_York","created_at":"2026-11-22T23:00:00Z","not_before":"2026-11-22T23:59:00Z",
                  "updated_at":"2026-11-23T00:10:00Z"},
                 {"request_id":"r3","version":2,"campaign":"spring","state":"rejected","final":true,
                  "reason_code":"do_not_call","created_at":"2026-11-22T23:00:00Z","updated_at":"2026-11-22T23:00:01Z"},
                 {"request_id":"r4","version":2,"campaign":"spring","state":"queued","final":false,
                  "created_at":"2026-11-22T23:00:00Z","updated_at":"2026-11-22T23:00:01Z"}]""");
        warehouse.write("attempts", """
                [{"request_id":"r1","attempt":1,"version":5,"call_id":"c1","outcome":"completed","duration_ms":60000,
                  "cost_usd":0.25,"dialing_at":"2026-11-22T23:00:02Z","started_at":"2026-11-22T23:00:09Z"},
                 {"request_id":"r2","attempt":1,"version":5,"call_id":"c2","outcome":"voicemail","duration_ms":20000,
                  "cost_usd":0.05,"dialing_at":"2026-11-22T23:59:04Z","started_at":"2026-11-22T23:59:20Z"}]""");
        warehouse.write("tasks", """
                [{"task_id":"t1","version":2,"type":"field-writeback","state":"done",
                  "created_at":"2026-11-22T23:00:00Z","updated_at":"2026-11-22T23:00:05Z"}]""");
    }

    private Object state() {
        return warehouse.row("SELECT state FROM requests").get("STATE");
    }

    private static Condition<Object> number(String expected) {
        return new Condition<>(value -> value != null
                && new BigDecimal(value.toString()).compareTo(new BigDecimal(expected)) == 0, "%s", expected);
    }

    private static String request(int version, String state) {
        return "[{\"request_id\":\"r1\",\"version\":%d,\"state\":\"%s\"}]".formatted(version, state);
    }
}
