package dev.voiceai.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One flush: outbox rows folded to the highest version per key, in one batch per table (more only where a table's rows
 * exceed the longest string that the warehouse takes). A batch that the warehouse refuses because of its data is halved
 * until the row is found; that row is parked. Used by one thread, the route {@code flush-warehouse}.
 */
public final class WarehouseFlush {

    private final int maxChars;
    private final List<Row> rows = new ArrayList<>();
    private final Deque<WarehouseBatch> pending = new ArrayDeque<>();
    private final Map<Row, String> parked = new LinkedHashMap<>();
    private WarehouseBatch current;

    WarehouseFlush(Map<String, WarehouseTable> tables, int maxChars, List<Map<String, Object>> outboxRows) {
        this.maxChars = maxChars;
        var folded = new LinkedHashMap<WarehouseTable, Map<String, List<Row>>>();
        for (var outboxRow : outboxRows) {
            var row = Row.of(outboxRow);
            rows.add(row);
            var table = tables.get(row.kind());
            if (table == null) {
                parked.put(row, "the warehouse has no table of this kind");
            } else if (row.json() == null) {
                parked.put(row, "the payload is not a JSON object");
            } else if (table.keyOf(row.json()).isEmpty()) {
                parked.put(row, "a column of the key is missing: " + String.join(", ", table.key()));
            } else {
                folded.computeIfAbsent(table, any -> new LinkedHashMap<>())
                        .computeIfAbsent(table.keyOf(row.json()), any -> new ArrayList<>()).add(row);
            }
        }
        folded.forEach((table, byKey) -> {
            byKey.values().forEach(versions -> versions.sort(Comparator.comparingLong(Row::version)));
            enqueue(table, List.copyOf(byKey.values()));
        });
    }

    /** Whether a batch is still to be written. */
    public boolean isPending() {
        return !pending.isEmpty();
    }

    /** Takes the next batch; unless it is split or parked afterwards, it counts as written. */
    public WarehouseBatch next() {
        current = pending.removeFirst();
        return current;
    }

    void split() {
        current.halves().forEach(pending::addFirst);
    }

    /** The version that the parked row had replaced, if any, is written in its place. */
    void park(SQLException error) {
        var versions = current.versions().get(0);
        // Not the message: it quotes the value.
        parked.put(versions.remove(versions.size() - 1), "table %s refused the row: SQLState %s, error %d"
                .formatted(current.table().name(), error.getSQLState(), error.getErrorCode()));
        if (!versions.isEmpty()) {
            pending.addFirst(current);
        }
    }

    /**
     * The outbox ids that are delivered. Rows behind a parked row of the same stream are not among them, since a parked
     * row stops its stream; they may be written already, and writing them again changes nothing.
     */
    public List<Object> getFlushedIds() {
        var stoppedAt = new HashMap<String, Long>();
        parked.keySet().forEach(row -> stoppedAt.merge(row.stream(), row.seq(), Math::min));
        return rows.stream()
                .filter(row -> row.seq() < stoppedAt.getOrDefault(row.stream(), Long.MAX_VALUE))
                .map(Row::id).toList();
    }

    /** The rows parked, as maps of {@code id} and {@code error}; the error names no value. */
    public List<Map<String, Object>> getParkedRows() {
        return parked.entrySet().stream().map(row -> Map.of("id", row.getKey().id(), "error", (Object) row.getValue()))
                .toList();
    }

    private void enqueue(WarehouseTable table, List<List<Row>> versions) {
        var start = 0;
        var chars = 2;
        for (var i = 0; i < versions.size(); i++) {
            var length = WarehouseBatch.latest(versions.get(i)).text().length() + 1;
            if (i > start && chars + length > maxChars) {
                pending.addLast(new WarehouseBatch(table, versions.subList(start, i)));
                start = i;
                chars = 2;
            }
            chars += length;
        }
        pending.addLast(new WarehouseBatch(table, versions.subList(start, versions.size())));
    }

    /** An outbox row; {@code json} is null when the payload is not a JSON object. */
    record Row(Object id, String kind, String stream, long seq, ObjectNode json, String text) {

        static Row of(Map<String, Object> row) {
            var json = object((String) row.get("payload"));
            return new Row(row.get("id"), (String) row.get("kind"), (String) row.get("stream"),
                    ((Number) row.get("seq")).longValue(), json, json == null ? "" : json.toString());
        }

        long version() {
            return json.path("version").asLong();
        }

        private static ObjectNode object(String payload) {
            try {
                if (H2Functions.JSON.readTree(payload) instanceof ObjectNode object) {
                    // In a VARIANT column Snowflake would keep a JSON null, which IS NOT NULL.
                    object.removeIf(NullNode.class::isInstance);
                    return object;
                }
            } catch (JsonProcessingException e) {
                // Parked by the caller; the exception quotes the payload.
            }
            return null;
        }
    }
}
