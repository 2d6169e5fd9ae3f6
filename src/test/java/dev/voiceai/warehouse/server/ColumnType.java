package dev.voiceai.warehouse.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** A type of Snowflake and the text in which its values travel. */
enum ColumnType {
    TEXT, FIXED, REAL, BOOLEAN, DATE, TIMESTAMP_NTZ, TIMESTAMP_TZ, VARIANT;

    /** Snowflake's longest string, which stands for "no length". */
    private static final int LONGEST = 16_777_216;
    private static final int MOST_DIGITS = 38;
    /** A TIMESTAMP_TZ carries its offset as minutes above this. */
    private static final int OFFSET_BASE = 1440;

    static ColumnType of(ResultSetMetaData columns, int column) throws SQLException {
        return switch (columns.getColumnType(column)) {
            case Types.BOOLEAN -> BOOLEAN;
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.DECIMAL -> FIXED;
            case Types.FLOAT, Types.DOUBLE -> REAL;
            case Types.DATE -> DATE;
            case Types.TIMESTAMP -> TIMESTAMP_NTZ;
            case Types.TIMESTAMP_WITH_TIMEZONE -> TIMESTAMP_TZ;
            default -> switch (columns.getColumnTypeName(column)) {
                case "HUGEINT" -> FIXED;
                case "JSON" -> VARIANT;
                default -> TEXT;
            };
        };
    }

    /** Adds the description of a column; an unquoted name is in capitals on Snowflake. */
    static void describe(ResultSetMetaData columns, int column, ArrayNode described) throws SQLException {
        var type = of(columns, column);
        var decimal = columns.getColumnType(column) == Types.DECIMAL;
        var precision = decimal ? columns.getPrecision(column) : MOST_DIGITS;
        var scale = decimal ? columns.getScale(column) : 0;
        describe(columns.getColumnLabel(column).toUpperCase(Locale.ROOT), type, precision, scale, described);
    }

    /** The description of a column that counts. */
    static void describeCount(String name, ArrayNode described) {
        describe(name, FIXED, MOST_DIGITS, 0, described);
    }

    /** The description of a column of text. */
    static void describeText(String name, ArrayNode described) {
        describe(name, TEXT, 0, 0, described);
    }

    private static void describe(String name, ColumnType type, int precision, int scale, ArrayNode described) {
        ObjectNode column = described.addObject();
        column.put("name", name).put("type", type.name().toLowerCase(Locale.ROOT)).put("nullable", true)
                .put("length", LONGEST).put("byteLength", LONGEST);
        if (type == FIXED) {
            column.put("precision", precision).put("scale", scale);
        } else if (type == TIMESTAMP_NTZ || type == TIMESTAMP_TZ) {
            column.put("precision", 0).put("scale", 9);
        }
    }

    /** A value as text; null for NULL. */
    String cell(ResultSet row, int column) throws SQLException {
        if (row.getObject(column) == null) {
            return null;
        }
        return switch (this) {
            case BOOLEAN -> row.getBoolean(column) ? "1" : "0";
            case DATE -> String.valueOf(row.getObject(column, LocalDate.class).toEpochDay());
            case TIMESTAMP_NTZ -> {
                var time = row.getObject(column, LocalDateTime.class);
                yield "%d.%09d".formatted(time.toEpochSecond(ZoneOffset.UTC), time.getNano());
            }
            case TIMESTAMP_TZ -> {
                var time = row.getObject(column, OffsetDateTime.class);
                yield "%d.%09d %d".formatted(time.toEpochSecond(), time.getNano(),
                        time.getOffset().getTotalSeconds() / 60 + OFFSET_BASE);
            }
            default -> row.getString(column);
        };
    }
}
