package dev.voiceai.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.h2.tools.SimpleResultSet;

/**
 * Snowflake functions for the embedded H2, declared in {@code routes/sql/warehouse/prelude-h2.sql}. A VARIANT is JSON
 * text here, and a VARIANT column holds an object. Errors carry the SQLState class 22 (data), as Snowflake's do.
 */
public final class H2Functions {

    /** Keeps every digit of a decimal; text after the value is an error. */
    static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** The row whose columns are being read: GET_PATH is called once per column with the same text. */
    private static volatile Parsed latest = new Parsed("null", JSON.nullNode());

    private H2Functions() {
    }

    /**
     * <a href="https://docs.snowflake.com/en/sql-reference/functions/parse_json">PARSE_JSON</a>.
     *
     * @throws SQLDataException (22P02) when the text is not one JSON value
     */
    public static String parseJson(String text) throws SQLException {
        return text == null ? null : parse(text).toString();
    }

    /**
     * <a href="https://docs.snowflake.com/en/sql-reference/functions/get_path">GET_PATH</a> for paths of field names.
     * JSON null and a missing field are SQL NULL; a string comes without its quotes, ready for a cast.
     */
    public static String getPath(String variant, String path) throws SQLException {
        if (variant == null) {
            return null;
        }
        var value = parsed(variant);
        for (var field : path.split("\\.")) {
            value = value.path(field);
        }
        return switch (value.getNodeType()) {
            case MISSING, NULL -> null;
            case STRING -> value.textValue();
            default -> value.toString();
        };
    }

    /**
     * <a href="https://docs.snowflake.com/en/sql-reference/functions/flatten">FLATTEN</a> of a JSON array: columns
     * INDEX (from 0) and VALUE.
     */
    public static ResultSet flatten(String variant) throws SQLException {
        var rows = new SimpleResultSet();
        rows.addColumn("INDEX", Types.BIGINT, 0, 0);
        rows.addColumn("VALUE", Types.VARCHAR, 0, 0);
        if (variant != null) {
            long index = 0;
            for (var element : parse(variant)) {
                rows.addRow(index++, element.toString());
            }
        }
        return rows;
    }

    /**
     * <a href="https://docs.snowflake.com/en/sql-reference/functions/convert_timezone">CONVERT_TIMEZONE</a> with two
     * arguments: the same moment, as a clock in the zone shows it. NULL when either is NULL.
     */
    public static OffsetDateTime convertTimezone(String zone, OffsetDateTime time) {
        return zone == null || time == null ? null : time.atZoneSameInstant(ZoneId.of(zone)).toOffsetDateTime();
    }

    private static JsonNode parsed(String text) throws SQLException {
        var parsed = latest;
        if (!parsed.text().equals(text)) {
            parsed = new Parsed(text, parse(text));
            latest = parsed;
        }
        return parsed.value();
    }

    private static JsonNode parse(String text) throws SQLException {
        try {
            var value = JSON.readTree(text);
            if (!value.isMissingNode()) {
                return value;
            }
        } catch (JsonProcessingException e) {
            // Its message quotes the text, which may hold personal data.
        }
        throw new SQLDataException("The text is not JSON", "22P02");
    }

    private record Parsed(String text, JsonNode value) {
    }
}
