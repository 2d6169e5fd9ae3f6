package dev.voiceai.warehouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The tables that {@code routes/sql/warehouse-(merge|append)-<table>.sql} write, read once at start: a further table
 * needs only a further file. A file is one statement under comment lines, of which {@code -- key: a, b} names the
 * columns that identify a row and {@code -- oldest: c} the time column behind the bind {@code :?oldest}.
 */
public final class WarehouseTables {

    /** Snowflake's way to turn the bound JSON array into rows; every statement has it, in these words. */
    static final String SNOWFLAKE_ROWS = "(SELECT PARSE_JSON(:?rows) AS doc) j, LATERAL FLATTEN(INPUT => j.doc) f";

    /** The same for H2, which has no LATERAL. The only place where the two engines' SQL text differs. */
    static final String H2_ROWS = "FLATTEN(PARSE_JSON(:?rows)) f";

    /** H2 refuses a string above 1,048,576 characters. */
    private static final int H2_MAX_CHARS = 1_000_000;

    /** Stays below Snowflake's 16 MB for a string, with up to 3 bytes a character. */
    private static final int SNOWFLAKE_MAX_CHARS = 5_000_000;

    private static final Pattern FILE = Pattern.compile("warehouse-((?:merge|append)-([a-z-]+))\\.sql");
    private static final Pattern COMMENT = Pattern.compile("(?m)^--.*\\R");
    private static final Pattern HEADER = Pattern.compile("(?m)^-- (key|oldest): (.+)$");

    private final Map<String, WarehouseTable> tables;
    private final int maxChars;

    private WarehouseTables(Map<String, WarehouseTable> tables, int maxChars) {
        this.tables = tables;
        this.maxChars = maxChars;
    }

    /**
     * Reads the statements.
     *
     * @param sqlFolder the folder {@code routes/sql}
     * @param h2 whether the warehouse is H2 instead of Snowflake
     * @throws IllegalArgumentException when a file lacks its key line or the words of {@link #SNOWFLAKE_ROWS}
     */
    static WarehouseTables read(Path sqlFolder, boolean h2) {
        var tables = new TreeMap<String, WarehouseTable>();
        try (var files = Files.newDirectoryStream(sqlFolder, "warehouse-*.sql")) {
            for (var file : files) {
                var name = FILE.matcher(file.getFileName().toString());
                if (name.matches()) {
                    var table = table(name.group(2).replace('-', '_'), name.group(1), Files.readString(file), h2);
                    tables.put(table.name(), table);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The warehouse's SQL files cannot be read in " + sqlFolder, e);
        }
        return new WarehouseTables(tables, h2 ? H2_MAX_CHARS : SNOWFLAKE_MAX_CHARS);
    }

    /** Starts a flush of outbox rows (maps with {@code id, kind, stream, seq, payload}), ordered by stream and seq. */
    public WarehouseFlush open(List<Map<String, Object>> outboxRows) {
        return new WarehouseFlush(tables, maxChars, outboxRows);
    }

    /** The text of a statement's file, with the one fragment that H2 reads otherwise replaced. */
    public String statement(String file) {
        return tables.values().stream().filter(table -> file.endsWith("warehouse-" + table.file() + ".sql")).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There was no such file at start: " + file)).sql();
    }

    /** Puts the batch that the warehouse has just refused back as two halves. */
    public void split(WarehouseFlush flush) {
        flush.split();
    }

    /** Parks the one row of the batch that the warehouse has just refused. */
    public void park(WarehouseFlush flush, SQLException error) {
        flush.park(error);
    }

    List<WarehouseTable> tables() {
        return List.copyOf(tables.values());
    }

    private static WarehouseTable table(String name, String file, String text, boolean h2) {
        var key = header(text, "key");
        if (key.isEmpty()) {
            throw new IllegalArgumentException("The warehouse's SQL file for " + name + " has no line '-- key: …'");
        }
        var sql = COMMENT.matcher(text).replaceAll("").strip();
        if (!sql.contains(SNOWFLAKE_ROWS)) {
            throw new IllegalArgumentException(
                    "The warehouse's SQL file for " + name + " does not read its rows FROM " + SNOWFLAKE_ROWS);
        }
        return new WarehouseTable(name, file, h2 ? sql.replace(SNOWFLAKE_ROWS, H2_ROWS) : sql,
                List.of(key.split(",\\s*")), header(text, "oldest"));
    }

    private static String header(String text, String name) {
        return HEADER.matcher(text).results().filter(line -> line.group(1).equals(name)).findFirst()
                .map(line -> line.group(2).strip()).orElse("");
    }
}
