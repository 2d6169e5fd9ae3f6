package dev.voiceai.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueueSenderTest {
    private static final String MESSAGE = "{\"event\":\"call_ended\"}";
    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private FakeSqs sqs;
    private QueueSender sender;

    @BeforeEach
    void start() throws IOException {
        sqs = new FakeSqs();
        sender = new QueueSender(sqs::settings, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        sqs.close();
    }

    @Test
    void sendsTheMessageOnceToTheQueue() throws IOException {
        send(sender, null);
        assertThat(sqs.tried).hasSize(1);
        assertThat(sqs.sent.get(0).get("QueueUrl").asText()).isEqualTo(sqs.queueUrl());
        assertThat(sqs.sent.get(0).get("MessageBody").asText()).isEqualTo(MESSAGE);
        assertThat(sqs.sent.get(0).has("MessageAttributes")).isFalse();
    }

    @Test
    void sendsTheTraceContextAsAnAttribute() throws IOException {
        send(sender, TRACEPARENT);
        assertThat(sqs.sent.get(0).at("/MessageAttributes/traceparent/DataType").asText()).isEqualTo("String");
        assertThat(sqs.sent.get(0).at("/MessageAttributes/traceparent/StringValue").asText()).isEqualTo(TRACEPARENT);
    }

    @Test
    void findsTheEndpointInTheQueueUrl() throws IOException {
        QueueSender byUrl = new QueueSender(
                () -> new QueueSettings(null, FakeSqs.REGION, FakeSqs.CREDENTIALS, sqs.queueUrl()), Clock.systemUTC());
        send(byUrl, null);
        assertThat(sqs.sent).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 403, 404, 429, 500, 503})
    void triesAgainAfterARefusal(int status) throws IOException {
        sqs.then(FakeSqs.status(status, "{\"__type\":\"com.amazonaws.sqs#ThrottlingException\"}"));
        send(sender, null);
        assertThat(sqs.tried).hasSize(2);
        assertThat(sqs.sent).hasSize(1);
    }

    @Test
    void triesAgainWhenTheAnswerIsLost() throws IOException {
        sqs.then(sqs.takeSilently());
        send(sender, null);
        assertThat(sqs.sent).hasSize(2);
    }

    @Test
    void survivesAConnectionThatSqsHasClosedMeanwhile() throws IOException {
        send(sender, null);
        sqs.then(FakeSqs.hangUp());
        send(sender, null);
        assertThat(sqs.sent).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "200, `{}`",
        "200, `{\"MessageId\":\"m-1\",\"MD5OfMessageBody\":\"00000000000000000000000000000000\"}`",
        "200, <html>Welcome</html>",
        "204, ``",
        "302, ``",
        "500, `[\"open`"
    })
    void takesOnlyTheQueuesOwnConfirmationForAYes(int status, String body) {
        sqs.then(FakeSqs.status(status, body));
        sqs.then(FakeSqs.status(status, body));
        assertThatThrownBy(() -> send(sender, null)).isInstanceOf(IOException.class);
        assertThat(sqs.tried).hasSize(2);
    }

    @Test
    void namesTheErrorButNeverRepeatsTheAnswer() {
        String error = "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"+14155550100\"}";
        sqs.then(FakeSqs.status(400, error));
        sqs.then(FakeSqs.status(400, error));
        assertThatThrownBy(() -> send(sender, null)).hasMessage("HTTP 400 QueueDoesNotExist");
    }

    @Test
    void saysWhichCredentialsAreMissing() {
        QueueSender withoutRole = new QueueSender(
                () -> {
                    throw new IOException("AWS_ACCESS_KEY_ID is not set");
                },
                Clock.systemUTC());
        assertThatThrownBy(() -> send(withoutRole, null))
                .hasMessage("no queue to send to: AWS_ACCESS_KEY_ID is not set");
    }

    @Test
    void countsTheTimeSinceTheRequestCame() {
        long longAgo = System.nanoTime() - Duration.ofSeconds(8).toNanos();
        assertThatThrownBy(() -> sender.send(MESSAGE, null, longAgo)).hasMessage("no time left");
        assertThat(sqs.tried).isEmpty();
    }

    @Test
    void givesUpAtOnceWhenNothingListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        QueueSender toNowhere = new QueueSender(
                () -> new QueueSettings(
                        URI.create("http://127.0.0.1:" + port), FakeSqs.REGION, FakeSqs.CREDENTIALS, sqs.queueUrl()),
                Clock.systemUTC());
        Instant start = Instant.now();
        assertThatThrownBy(() -> send(toNowhere, null)).hasMessage("java.net.ConnectException");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(3));
    }

    private static void send(QueueSender sender, String traceparent) throws IOException {
        sender.send(MESSAGE, traceparent, System.nanoTime());
    }
}
