package dev.voiceai.ledger;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.apache.camel.Converter;
import org.apache.camel.TypeConverters;

/** How routes see the ledger's times, whichever engine holds them. */
public final class LedgerTypeConverters implements TypeConverters {

    private static final DateTimeFormatter RFC_3339 =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.UTC);

    private final ObjectMapper json;

    public LedgerTypeConverters(ObjectMapper json) {
        this.json = json;
    }

    /** PostgreSQL's driver answers {@code TIMESTAMP WITH TIME ZONE} as {@link Timestamp}, H2's as {@link OffsetDateTime}. */
    @Converter
    public static OffsetDateTime toOffsetDateTime(Timestamp timestamp) {
        return timestamp.toInstant().atOffset(ZoneOffset.UTC);
    }

    /** RFC 3339 with milliseconds; {@link OffsetDateTime#toString()} drops seconds that are zero. */
    @Converter
    public static String toString(OffsetDateTime time) {
        return RFC_3339.format(time);
    }

    /**
     * A body of text is no map of parameters. The SQL component asks that for each value that it binds, and without an
     * answer Camel tries all its converters each time: a third of the application's CPU.
     */
    @Converter(allowNull = true)
    public static Map<?, ?> toMap(String body) {
        return null;
    }

    /** Nor are rows. */
    @Converter(allowNull = true)
    public static Map<?, ?> toMap(List<?> rows) {
        return null;
    }

    /** Lets jq read the rows of a query. */
    @Converter
    public JsonNode toJsonNode(List<?> rows) {
        return json.valueToTree(rows);
    }

    /** Lets a route split, send or bind what jq answered as an array. */
    @Converter
    public List<Object> toList(ArrayNode array) {
        return json.convertValue(array, new TypeReference<>() {});
    }
}
