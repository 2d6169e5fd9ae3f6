package dev.voiceai.warehouse;

import dev.voiceai.warehouse.WarehouseFlush.Row;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The rows that one statement writes. The route reads its properties.
 *
 * @param versions per key the rows that were folded, in ascending order: the last one is written
 */
public record WarehouseBatch(WarehouseTable table, List<List<Row>> versions) {

    private static final String LONG_AGO = "1970-01-01T00:00:00Z";

    /** The statement's file, {@code merge-requests} for {@code warehouse-merge-requests.sql}. */
    public String getFile() {
        return table.file();
    }

    /** How many rows the statement writes. */
    public int getSize() {
        return versions.size();
    }

    /** The statement's binds. */
    public Map<String, String> getParameters() {
        return Map.of(
                "rows", versions.stream().map(row -> latest(row).text()).collect(Collectors.joining(",", "[", "]")),
                "oldest", oldest());
    }

    /** Binds of no rows: with them the statement fails only if the table or the right to write it is missing. */
    public Map<String, String> getNoParameters() {
        return Map.of("rows", "[]", "oldest", LONG_AGO);
    }

    List<WarehouseBatch> halves() {
        var middle = versions.size() / 2;
        return List.of(new WarehouseBatch(table, versions.subList(0, middle)),
                new WarehouseBatch(table, versions.subList(middle, versions.size())));
    }

    static Row latest(List<Row> versions) {
        return versions.get(versions.size() - 1);
    }

    private String oldest() {
        return versions.stream().map(row -> latest(row).json().path(table.oldest()).asText())
                .map(WarehouseBatch::time).filter(Objects::nonNull)
                .min(OffsetDateTime::compareTo).map(DateTimeFormatter.ISO_OFFSET_DATE_TIME::format).orElse(LONG_AGO);
    }

    /** Null when it is no RFC 3339 time; the statement itself then refuses the row. */
    private static OffsetDateTime time(String text) {
        try {
            return OffsetDateTime.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
