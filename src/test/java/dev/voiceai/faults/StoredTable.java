package dev.voiceai.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A table of the ledger or the warehouse, and what of it is not compared. Every other column is, so that one that is new
 * counts until somebody says why it should not.
 */
enum StoredTable {
    // The trace is the caller's, and another one for each run.
    REQUEST(Store.LEDGER, "request_id", "version, traceparent", "updated_at"),
    ATTEMPT(Store.LEDGER, "request_id, no", "version", "analyzed_at, heard_at, updated_at"),
    PHONE_CALL(Store.LEDGER, "call_id", "version", "analyzed_at, created_at, details_received_at, heard_at, updated_at"),
    // Who told, the webhook or Retell when it was asked, and so the body's hash, depends on what got lost.
    CALL_EVENT(Store.LEDGER, "call_id, event", "source, payload_sha256", "received_at, recorded_at"),
    ABT(Store.LEDGER, "stream, type, cause", "", "at"),
    TASK(Store.LEDGER, "type, request_id, call_id", "task_id, version", "created_at, updated_at"),
    PERSON(Store.LEDGER, "number", "", "consent_revoked_at, created_at, updated_at"),
    CONTACT(Store.LEDGER, "contact_id", "", "consent_revoked_at, created_at, updated_at"),
    AUDIT(Store.LEDGER, "action, subject", "id", "at"),
    REQUESTS(Store.WAREHOUSE, "request_id", "version", "updated_at"),
    ATTEMPTS(Store.WAREHOUSE, "request_id, attempt", "version", "analyzed_at, updated_at"),
    // The payload, and what is read out of it, is that of whoever told first.
    CALL_EVENTS(Store.WAREHOUSE, "call_id, event", "payload, payload_sha256, duration_ms, cost_usd", "received_at"),
    TASKS(Store.WAREHOUSE, "type, request_id, call_id", "task_id, version", "created_at, updated_at"),
    ACTIVITY(Store.WAREHOUSE, "event_id", "", "");

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final String STARTED = "voice_ai.call.started";
    /** "Call started" tells what is known when it is sent, and that is more where it had to be made up for. */
    private static final Set<String> KNOWN_LATER = Set.of("outcome", "disconnection_reason", "duration_ms", "cost_usd");

    private enum Store {
        LEDGER("ledger;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE"),
        WAREHOUSE("warehouse;NON_KEYWORDS=VALUE");

        private final String file;

        Store(String file) {
            this.file = file;
        }

        JdbcClient open(Path dataFolder) {
            return JdbcClient.create(new DriverManagerDataSource("jdbc:h2:file:" + dataFolder.resolve(file), "", ""));
        }
    }

    private final Store store;
    private final List<String> key;
    private final Set<String> left;
    /** Moments of our own clock: whether there is one is compared. */
    private final Set<String> clocks;

    StoredTable(Store store, String key, String left, String clocks) {
        this.store = store;
        this.key = List.of(key.split(", "));
        this.left = Set.of(left.split(", "));
        this.clocks = Set.of(clocks.split(", "));
    }

    /** The rows of a process that has ended, by key. */
    static Map<String, Map<String, Map<String, String>>> read(Path dataFolder) {
        var tables = new LinkedHashMap<String, Map<String, Map<String, String>>>();
        for (StoredTable table : values()) {
            tables.put(table.title(), table.rows(table.store.open(dataFolder)));
        }
        return tables;
    }

    /** How many rows of the outbox are in each state. */
    static Map<String, Long> outbox(Path dataFolder) {
        var states = new TreeMap<String, Long>();
        Store.LEDGER.open(dataFolder).sql("SELECT state, COUNT(*) FROM outbox GROUP BY state").query(row -> {
            states.put(row.getString(1), row.getLong(2));
        });
        return states;
    }

    String title() {
        return name().toLowerCase();
    }

    private Map<String, Map<String, String>> rows(JdbcClient database) {
        var rows = new TreeMap<String, Map<String, String>>();
        database.sql("SELECT * FROM " + title()).query((result, no) -> row(result)).list().forEach(row -> {
            var name = key.stream().map(row::get).collect(Collectors.joining("/"));
            var free = name;
            for (int again = 2; rows.containsKey(free); again++) {
                free = name + "#" + again;
            }
            rows.put(free, row);
        });
        return rows;
    }

    private Map<String, String> row(ResultSet result) throws SQLException {
        var row = new LinkedHashMap<String, String>();
        var columns = result.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            var name = columns.getColumnLabel(i).toLowerCase();
            if (!left.contains(name)) {
                var value = value(result, columns, i);
                row.put(name, value != null && clocks.contains(name) ? "set" : value);
            }
        }
        if (this == ACTIVITY) {
            if (row.get("type").equals(STARTED)) {
                row.put("outcome", null);
            } else {
                row.put("event_at", "set");
            }
        }
        return row;
    }

    private String value(ResultSet result, ResultSetMetaData columns, int i) throws SQLException {
        if (columns.getColumnTypeName(i).startsWith("TIMESTAMP")) {
            var time = result.getObject(i, OffsetDateTime.class);
            return time == null ? null : time.toInstant().toString();
        }
        var text = result.getString(i);
        return text != null && text.startsWith("{") ? sorted(text) : text;
    }

    private String sorted(String json) {
        try {
            var object = JSON.readValue(json, new TypeReference<TreeMap<String, Object>>() {});
            if (this == ACTIVITY && "Call started".equals(object.get("event_name"))) {
                object.keySet().removeAll(KNOWN_LATER);
            }
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
