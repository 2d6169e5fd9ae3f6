package dev.voiceai.warehouse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * One table of the warehouse and the statement that writes it.
 *
 * @param name table name, which is also the {@code kind} of its outbox rows
 * @param file what {@code warehouse-….sql} is called between these words
 * @param sql the statement, with the binds {@code :?rows} (JSON array) and {@code :?oldest} (RFC 3339 time)
 * @param key the columns that identify a row
 * @param oldest the time column that bounds the search for repeats; empty when the statement has no such bind
 */
record WarehouseTable(String name, String file, String sql, List<String> key, String oldest) {

    /** The row's key as text; empty when a part of it is missing. */
    String keyOf(ObjectNode row) {
        var text = new StringBuilder();
        for (var column : key) {
            if (!row.path(column).isValueNode()) {
                return "";
            }
            text.append(row.get(column)).append('\n');
        }
        return text.toString();
    }
}
