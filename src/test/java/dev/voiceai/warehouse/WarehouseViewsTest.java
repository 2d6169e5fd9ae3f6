package dev.voiceai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TimeZone;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reports of routes/sql/warehouse/views.sql over a small history. */
class WarehouseViewsTest {

    @TempDir
    Path folder;

    private final TimeZone zone = TimeZone.getDefault();
    private EmbeddedWarehouse warehouse;

    @BeforeEach
    void fill() {
        // Days are UTC days wherever the machine stands.
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
        warehouse = EmbeddedWarehouse.in(folder);
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

    @AfterEach
    void close() {
        warehouse.close();
        TimeZone.setDefault(zone);
    }

    @Test
    void theFunnelGoesFromRequestedToCompleted() {
        var row = warehouse.row("SELECT CAST(day_utc AS VARCHAR) AS d, f.* FROM funnel f");
        assertThat(row).containsAllEntriesOf(Map.of("D", "2026-11-22", "CAMPAIGN", "spring",
                "REQUESTED", 4L, "DIALED", 2L, "REACHED", 1L, "COMPLETED", 1L));
    }

    @Test
    void outcomesAreCountedOnTheDayTheRequestClosed() {
        assertThat(warehouse.query("""
                SELECT CAST(day_utc AS VARCHAR) || ' ' || state || COALESCE(' ' || outcome, '') || ' ' || requests AS line
                FROM outcomes_by_day""")).extracting(row -> row.get("LINE"))
                .containsExactlyInAnyOrder("2026-11-23 done completed 1", "2026-11-23 done voicemail 1",
                        "2026-11-22 rejected 1");
    }

    @Test
    void theAnswerRateIsByTheHourOfThePersonCalled() {
        assertThat(warehouse.row("SELECT * FROM answer_rate_by_hour")).containsEntry("LOCAL_HOUR", 18)
                .containsEntry("DIALED", 2L).containsEntry("REACHED", 1L)
                .hasEntrySatisfying("REACHED_PERCENT", number(50));
    }

    @Test
    void theTimeToDialBeginsWhenTheCallWasWanted() {
        assertThat(warehouse.row("SELECT * FROM time_to_dial")).containsEntry("DIALED", 2L)
                .containsEntry("LONGEST_MS", 4000L)
                .hasEntrySatisfying("MEDIAN_MS", number(3000));
    }

    @Test
    void theTurnaroundOfTasksIsToTheirClosing() {
        assertThat(warehouse.row("SELECT * FROM task_turnaround")).containsEntry("TASKS", 1L)
                .hasEntrySatisfying("MEDIAN_MS", number(5000));
    }

    @Test
    void theCostIsSummedAndSharedByCompletedCalls() {
        assertThat(warehouse.row("SELECT * FROM cost_by_day"))
                .hasEntrySatisfying("COST_USD", number(0.3))
                .hasEntrySatisfying("COST_USD_PER_COMPLETED", number(0.3));
    }

    private static Condition<Object> number(double expected) {
        return new Condition<>(value -> ((Number) value).doubleValue() == expected, "%s", expected);
    }
}
