package dev.voiceai.forwarder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.tests.annotations.Event;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Function URL events in full, read by AWS's own class for them and written as AWS's runtime writes them: what they
 * call the headers, the method, the body and its encoding is what the handler finds.
 */
class FunctionUrlEventTest {
    private FakeSqs sqs;
    private Lambda lambda;

    @BeforeEach
    void start() throws IOException {
        sqs = new FakeSqs();
        lambda = new Lambda(new ForwarderHandler(
                () -> List.of("key_current"),
                new QueueSender(sqs::settings, Clock.systemUTC()),
                Clock.fixed(Instant.parse("2026-09-24T10:30:00Z"), ZoneOffset.UTC)));
    }

    @AfterEach
    void stop() {
        sqs.close();
    }

    @ParameterizedTest
    @Event(value = "function-url/call_analyzed.json", type = APIGatewayV2HTTPEvent.class)
    void forwardsATextBodyWithItsTraceContext(APIGatewayV2HTTPEvent event) throws Exception {
        assertThat(event.getIsBase64Encoded()).isFalse();
        assertThat(invoke(event).get("statusCode").asInt()).isEqualTo(204);
        assertHolds(event.getBody().getBytes(UTF_8), "call_analyzed");
        assertThat(sqs.sent.get(0).at("/MessageAttributes/traceparent/StringValue").asText())
                .isEqualTo(event.getHeaders().get("traceparent"));
    }

    @ParameterizedTest
    @Event(value = "function-url/call_ended.base64.json", type = APIGatewayV2HTTPEvent.class)
    void forwardsABase64BodyByItsBytes(APIGatewayV2HTTPEvent event) throws Exception {
        assertThat(event.getIsBase64Encoded()).isTrue();
        assertThat(invoke(event).get("statusCode").asInt()).isEqualTo(204);
        assertHolds(Base64.getDecoder().decode(event.getBody()), "call_ended");
    }

    @ParameterizedTest
    @Event(value = "function-url/call_started.other-key.json", type = APIGatewayV2HTTPEvent.class)
    void refusesAnotherKey(APIGatewayV2HTTPEvent event) throws Exception {
        assertThat(invoke(event).get("statusCode").asInt()).isEqualTo(401);
        assertThat(sqs.tried).isEmpty();
    }

    @ParameterizedTest
    @Event(value = "function-url/call_started.too-old.json", type = APIGatewayV2HTTPEvent.class)
    void refusesASignatureOfFiveMinutesAndAMillisecond(APIGatewayV2HTTPEvent event) throws Exception {
        assertThat(invoke(event).get("statusCode").asInt()).isEqualTo(401);
        assertThat(sqs.tried).isEmpty();
    }

    @ParameterizedTest
    @Event(value = "function-url/get.json", type = APIGatewayV2HTTPEvent.class)
    void refusesABrowser(APIGatewayV2HTTPEvent event) throws Exception {
        assertThat(invoke(event).get("statusCode").asInt()).isEqualTo(405);
        assertThat(sqs.tried).isEmpty();
    }

    private JsonNode invoke(APIGatewayV2HTTPEvent event) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        LambdaEventSerializers.serializerFor(APIGatewayV2HTTPEvent.class, getClass().getClassLoader())
                .toJson(event, json);
        return lambda.invoke(json.toByteArray());
    }

    private void assertHolds(byte[] body, String name) throws Exception {
        assertThat(sqs.sent).hasSize(1);
        JsonNode message = Lambda.MAPPER.readTree(sqs.sent.get(0).get("MessageBody").asText());
        assertThat(message.get("event").asText()).isEqualTo(name);
        assertThat(message.get("call_id")).isEqualTo(Lambda.MAPPER.readTree(body).at("/call/call_id"));
        assertThat(message.get("payload_sha256").asText())
                .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)));
    }
}
