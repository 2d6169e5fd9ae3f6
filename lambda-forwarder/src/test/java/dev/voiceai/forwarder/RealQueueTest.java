package dev.voiceai.forwarder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** The forwarder sends to ElasticMQ, and the AWS SDK reads. */
class RealQueueTest {
    private static final String KEY = "key_current";

    private static SQSRestServer server;
    private static SqsClient reader;
    private static URI endpoint;

    private final String queueUrl =
            reader.createQueue(request -> request.queueName("call-events-" + System.nanoTime())).queueUrl();
    private final Lambda lambda = new Lambda(new ForwarderHandler(
            () -> List.of(KEY),
            new QueueSender(
                    () -> new QueueSettings(endpoint, "elasticmq", new AwsCredentials("x", "x", null), queueUrl),
                    Clock.systemUTC()),
            Clock.systemUTC()));

    @BeforeAll
    static void start() {
        server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
        endpoint = URI.create("http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
        reader = SqsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of("elasticmq"))
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
    }

    @AfterAll
    static void stop() {
        reader.close();
        server.stopAndWait();
    }

    @Test
    void holdsTheEventBefore204IsAnswered() throws Exception {
        byte[] body = Samples.read("call_analyzed.success.json");
        assertThat(invoke(body, Map.of())).isEqualTo(204);
        JsonNode message = Lambda.MAPPER.readTree(receive().body());
        assertThat(message.at("/call/transcript")).isEqualTo(Lambda.MAPPER.readTree(body).at("/call/transcript"));
        assertThat(message.at("/call/transcript").asText()).contains("Zoë");
    }

    @Test
    void takesTheLargestMessageWithATraceContextAndAnyCharacter() throws Exception {
        String start = "{\"event\":\"call_analyzed\",\"call\":{\"transcript\":\"\\u0000\\uffff\uffff";
        CallEvent empty = CallEvent.read((start + "\"}}").getBytes(UTF_8), Instant.now()).orElseThrow();
        int room = CallEvent.MESSAGE_LIMIT - empty.message().length();
        byte[] body = (start + "x".repeat(room) + "\"}}").getBytes(UTF_8);
        String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        assertThat(invoke(body, Map.of("traceparent", traceparent))).isEqualTo(204);

        Message message = receive();
        assertThat(message.body()).hasSize(CallEvent.MESSAGE_LIMIT).doesNotContain("\"truncated\"");
        assertThat(message.messageAttributes().get("traceparent").stringValue()).isEqualTo(traceparent);
    }

    private int invoke(byte[] body, Map<String, String> headers) throws Exception {
        Map<String, String> signed = new HashMap<>(headers);
        signed.put(RetellSignature.HEADER, RetellSignature.sign(body, KEY, Instant.now()));
        return lambda.invoke(Lambda.post(body, signed)).get("statusCode").asInt();
    }

    private Message receive() {
        return reader.receiveMessage(request ->
                        request.queueUrl(queueUrl).messageAttributeNames("All").waitTimeSeconds(1))
                .messages()
                .get(0);
    }
}
