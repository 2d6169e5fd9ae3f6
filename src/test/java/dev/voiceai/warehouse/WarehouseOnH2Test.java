package dev.voiceai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks on the embedded warehouse, and what holds for it alone. */
class WarehouseOnH2Test extends WarehouseChecks {

    @TempDir
    static Path folder;

    @Override
    TestWarehouse open() {
        return TestWarehouse.in(folder);
    }

    @Test
    void tablesAndRowsSurviveARestart() {
        warehouse.write("requests", "[{\"request_id\":\"r1\",\"version\":1,\"state\":\"accepted\"}]");
        warehouse.close();
        warehouse = TestWarehouse.in(folder);
        assertThat(warehouse.row("SELECT state FROM requests")).containsEntry("STATE", "accepted");
    }

    @Test
    void everyDigitAndTheOffsetOfATimeAreKept() {
        warehouse.write("attempts", """
                [{"request_id":"r1","attempt":1,"version":1,"dialing_at":"2026-11-22T23:30:00.123-08:00",
                  "custom_analysis":{"score":12.3456789012345678901234567}}]""");
        assertThat(warehouse.row("SELECT * FROM attempts"))
                .containsEntry("CUSTOM_ANALYSIS", "{\"score\":12.3456789012345678901234567}")
                .containsEntry("DIALING_AT", OffsetDateTime.parse("2026-11-22T23:30:00.123-08:00"));
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
}
