package dev.voiceai.warehouse.server;

import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An error as Snowflake tells it.
 *
 * @param code six digits
 */
record SqlError(String code, String sqlState, String message) {

    /** What DuckDB's errors are on Snowflake; the first whose words are in the text counts. */
    private static final List<Kind> KINDS = List.of(
            kind("does not exist|not found", "002003", "42S02"),
            kind("syntax error|parser error", "001003", "42000"),
            kind("not null constraint", "100072", "22000"),
            kind("check constraint", "100078", "22000"),
            kind("json", "100069", "22P02"),
            kind("timestamp|date field", "100035", "22007"),
            kind("could not convert|conversion|out of range", "100038", "22018"));

    static SqlError of(SQLException error) {
        var text = String.valueOf(error.getMessage());
        return KINDS.stream().filter(kind -> kind.words().matcher(text).find()).findFirst()
                .map(kind -> new SqlError(kind.code(), kind.sqlState(), text))
                .orElse(new SqlError("000603", "XX000", text));
    }

    private static Kind kind(String words, String code, String sqlState) {
        return new Kind(Pattern.compile(words, Pattern.CASE_INSENSITIVE), code, sqlState);
    }

    private record Kind(Pattern words, String code, String sqlState) {
    }
}
