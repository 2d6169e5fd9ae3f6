package dev.voiceai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.system.RunningSystem;
import dev.voiceai.warehouse.server.SnowflakeServer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares what the warehouse holds with what the ledger has delivered to it, every row and every column. */
final class StoredRows {

    private static final ObjectMapper JSON = new ObjectMapper();

    private StoredRows() {
    }

    /** Each key that was delivered is there once, in its highest version, and nothing else is. */
    static void assertEqual(RunningSystem system, SnowflakeServer server) {
        for (var table : TestWarehouse.tablesOf(system.bean(WarehouseTables.class)).toList()) {
            var delivered = delivered(system, table);
            var stored = new LinkedHashMap<String, ObjectNode>();
            for (var row : server.rows(table.name())) {
                assertThat(stored.put(table.keyOf(row), row)).as("another row in %s of %s", table.name(), row).isNull();
            }
            assertThat(stored.keySet()).as("rows of %s", table.name())
                    .containsExactlyInAnyOrderElementsOf(delivered.keySet());
            delivered.forEach((key, row) -> assertThat(differences(row, stored.get(key)))
                    .as("row of %s: %s", table.name(), key).isEmpty());
        }
        assertThat(server.rows("requests").stream().map(row -> row.path("request_id").asText()))
                .as("requests of the ledger").containsAll(system.ledger().sql("SELECT request_id FROM request")
                        .query(String.class).list());
    }

    /** A request's versions reach the warehouse in their order, also where a batch is repeated. */
    static void assertOrder(SnowflakeServer server) {
        var latest = new LinkedHashMap<String, Long>();
        server.executions().stream().filter(statement -> statement.sql().startsWith("MERGE INTO requests"))
                .flatMap(statement -> read(statement.binds().get(0)).valueStream())
                .forEach(row -> {
                    var version = row.path("version").asLong();
                    var before = latest.put(row.path("request_id").asText(), version);
                    assertThat(version).as("version of %s", row).isGreaterThanOrEqualTo(before == null ? 0 : before);
                });
        assertThat(latest).isNotEmpty();
    }

    private static Map<String, JsonNode> delivered(RunningSystem system, WarehouseTable table) {
        var rows = new LinkedHashMap<String, JsonNode>();
        system.ledger().sql("""
                SELECT payload FROM outbox WHERE sink = 'warehouse' AND state = 'delivered' AND kind = ?
                ORDER BY stream, seq""").param(table.name()).query(String.class).list().stream()
                .map(StoredRows::read)
                .forEach(row -> rows.merge(table.keyOf((ObjectNode) row), row, (one, other) ->
                        other.path("version").asLong() > one.path("version").asLong() ? other : one));
        return rows;
    }

    private static List<String> differences(JsonNode delivered, JsonNode stored) {
        var differences = new ArrayList<String>();
        stored.properties().forEach(column -> {
            var expected = delivered.path(column.getKey());
            if (!isSame(expected, column.getValue())) {
                differences.add("%s: %s instead of %s".formatted(column.getKey(), column.getValue(), expected));
            }
        });
        return differences;
    }

    private static boolean isSame(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue()) == 0;
        }
        if (one.isTextual() && other.isTextual() && !one.equals(other)) {
            var time = time(one.asText());
            return time != null && time.equals(time(other.asText()));
        }
        return one.equals(other) || (one.isNull() || one.isMissingNode()) && other.isNull();
    }

    /** A time in RFC 3339 or as DuckDB writes it, {@code 2026-11-22 10:00:00+00}; null where it is something else. */
    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text.replace(' ', 'T').replaceFirst("\\+00$", "Z")).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
