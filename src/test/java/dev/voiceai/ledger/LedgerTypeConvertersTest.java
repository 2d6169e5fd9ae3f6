package dev.voiceai.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.voiceai.http.Json;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTypeConvertersTest {

    private final LedgerTypeConverters converters = new LedgerTypeConverters(Json.mapper());

    @Test
    void aTimestampOfPostgresIsATimeInUtc() {
        var timestamp = Timestamp.from(Instant.parse("2026-11-22T12:00:00.123Z"));

        assertThat(LedgerTypeConverters.toOffsetDateTime(timestamp)).hasToString("2026-11-22T12:00:00.123Z");
    }

    @Test
    void aTimeIsWrittenInUtcWithItsSecondsAndMilliseconds() {
        var time = OffsetDateTime.parse("2026-11-22T13:00+01:00");

        assertThat(LedgerTypeConverters.toString(time)).isEqualTo("2026-11-22T12:00:00.000Z");
    }

    @Test
    void rowsAreReadByJq() {
        var row = new HashMap<String, Object>();
        row.put("at", OffsetDateTime.parse("2026-11-22T12:00:00Z"));
        row.put("call_id", null);

        var node = converters.toJsonNode(List.of(row));

        assertThat(node.at("/0/at").textValue()).isEqualTo("2026-11-22T12:00:00.000Z");
        assertThat(node.at("/0/call_id").isNull()).isTrue();
    }

    @Test
    void whatJqAnswersIsAListOfPlainValues() throws Exception {
        var array = (ArrayNode) Json.mapper().readTree("[\"a\", 1, {\"b\": [true]}]");

        assertThat(converters.toList(array)).isEqualTo(List.of("a", 1, Map.of("b", List.of(true))));
    }
}
