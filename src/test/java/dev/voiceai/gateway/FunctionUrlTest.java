package dev.voiceai.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.http.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionUrlTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final FunctionUrl functionUrl = new FunctionUrl(Json.mapper(), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void theBodyTravelsByteForByte() throws Exception {
        byte[] body = {'{', '"', (byte) 0xff, 0, '\r', '\n', '}'};

        var event = event(body, Map.of());

        assertThat(event.path("isBase64Encoded").booleanValue()).isTrue();
        assertThat(Base64.getDecoder().decode(event.path("body").textValue())).isEqualTo(body);
    }

    @Test
    void headersAreLowerCaseAndOnlyThoseOfTheRequest() throws Exception {
        var event = event(new byte[0], Map.of(
                "X-Retell-Signature", "v=1,d=2", "CamelHttpPath", "/webhooks/retell", "Content-Length", 5));

        assertThat(event.path("headers")).isEqualTo(Json.mapper().readTree("{\"x-retell-signature\": \"v=1,d=2\"}"));
    }

    @Test
    void theEventHasPayloadFormat2() throws Exception {
        var event = event(null, Map.of());

        assertThat(event.path("version").textValue()).isEqualTo("2.0");
        assertThat(event.path("body").textValue()).isEmpty();
        assertThat(event.at("/requestContext/http/method").textValue()).isEqualTo("POST");
        assertThat(event.at("/requestContext/timeEpoch").longValue()).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void anHttpAnswerIsPassedOn() throws Exception {
        var answer = functionUrl.answer(
                "{\"statusCode\": 401, \"headers\": {\"content-type\": \"application/json\"}, \"body\": \"{}\"}");

        assertThat(answer).isEqualTo(new FunctionUrl.Answer(401, "application/json", "{}"));
        assertThat(functionUrl.answer("{\"statusCode\": 204}")).isEqualTo(new FunctionUrl.Answer(204, null, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"errorMessage\": \"Task timed out after 3.00 seconds\"}",
        "{\"errorType\": \"java.lang.IllegalStateException\", \"statusCode\": \"500\"}",
        "null", "[]", "\"ok\"",
    })
    void aFunctionThatFailedIsABadGatewayWithoutItsWords(String payload) throws Exception {
        assertThat(functionUrl.answer(payload)).isEqualTo(new FunctionUrl.Answer(502, null, ""));
    }

    @Test
    void whatIsNotJsonIsNoAnswer() {
        assertThatThrownBy(() -> functionUrl.answer("<html>")).isInstanceOf(JsonProcessingException.class);
    }

    private JsonNode event(byte[] body, Map<String, Object> headers) throws JsonProcessingException {
        return Json.mapper().readTree(functionUrl.event(body, headers));
    }
}
