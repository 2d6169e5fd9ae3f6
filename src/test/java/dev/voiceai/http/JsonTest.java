package dev.voiceai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;

class JsonTest {
    private final ObjectMapper json = Json.mapper();

    @Test
    void timesOfEveryTypeAreUtcWithMilliseconds() throws Exception {
        var row = new LinkedHashMap<String, Object>();
        row.put("of_h2", OffsetDateTime.parse("2026-11-22T12:00:00.123456+02:00"));
        row.put("of_postgresql", Timestamp.from(Instant.parse("2026-11-22T10:00:00Z")));
        row.put("instant", Instant.parse("2026-11-22T10:00:00.5Z"));

        assertThat(json.writeValueAsString(row)).isEqualTo("{\"of_h2\":\"2026-11-22T10:00:00.123Z\","
                + "\"of_postgresql\":\"2026-11-22T10:00:00.000Z\",\"instant\":\"2026-11-22T10:00:00.500Z\"}");
    }

    @Test
    void numbersHaveNoExponentAndNamesAndNullsStayAsTheyAre() throws Exception {
        var row = new LinkedHashMap<String, Object>();
        row.put("cost_usd", new BigDecimal("1E-7"));
        row.put("no_value", null);

        assertThat(json.writeValueAsString(row)).isEqualTo("{\"cost_usd\":0.0000001,\"no_value\":null}");
    }

    @Test
    void textThatTwoReadersWouldUnderstandDifferentlyIsNotJson() {
        for (String text : new String[] {"{\"a\":1,\"a\":2}", "{\"a\":1}{\"a\":2}", "{\"a\":1} x"}) {
            assertThatThrownBy(() -> json.readTree(text)).isInstanceOf(JsonProcessingException.class);
        }
    }
}
