package dev.voiceai.warehouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The binds of a request: by place, each with its type, as text; a list of texts where rows are sent at once. */
final class Binds {

    private Binds() {
    }

    /** One list of values per run of the statement. */
    static List<List<Object>> of(JsonNode bindings) {
        var first = bindings.path("1").path("value");
        var runs = new ArrayList<List<Object>>();
        for (var run = 0; run < (first.isArray() ? first.size() : 1); run++) {
            var values = new ArrayList<Object>();
            for (var place = 1; place <= bindings.size(); place++) {
                var bind = bindings.path(String.valueOf(place));
                var value = bind.path("value");
                values.add(value(bind.path("type").asText(), value.isArray() ? value.get(run) : value));
            }
            runs.add(values);
        }
        return runs;
    }

    static void set(PreparedStatement statement, List<Object> values) throws SQLException {
        for (var i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }

    private static Object value(String type, JsonNode text) {
        if (text.isNull()) {
            return null;
        }
        return switch (type) {
            case "TEXT" -> text.asText();
            case "FIXED" -> new BigDecimal(text.asText());
            case "REAL" -> Double.valueOf(text.asText());
            case "BOOLEAN" -> Boolean.valueOf(text.asText());
            default -> throw new Refusal("000002", "0A000", "Unsupported feature: a bind of type " + type);
        };
    }
}
