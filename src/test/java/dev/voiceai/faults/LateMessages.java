package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.voiceai.faults.EventScript.Told;
import dev.voiceai.forwarder.AwsCredentials;
import dev.voiceai.forwarder.ForwarderHandler;
import dev.voiceai.forwarder.QueueSender;
import dev.voiceai.forwarder.QueueSettings;
import dev.voiceai.forwarder.RetellSignature;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;

/** The forwarder with a clock of ours: its messages say that they were received whenever the scenario says so. */
final class LateMessages {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final QueueSender queue;

    LateMessages(URI sqs, String queueUrl) {
        var settings = new QueueSettings(sqs, "us-east-1", new AwsCredentials("x", "x", null), queueUrl);
        queue = new QueueSender(() -> settings, Clock.systemUTC());
    }

    void send(Told told, Instant receivedAt) throws IOException {
        var request = JSON.createObjectNode();
        request.putObject("requestContext").putObject("http").put("method", "POST");
        request.putObject("headers").put(RetellSignature.HEADER, RetellSignature.sign(told.bytes(), RetellStub.KEY, receivedAt));
        request.put("body", Base64.getEncoder().encodeToString(told.bytes())).put("isBase64Encoded", true);
        var answer = new ByteArrayOutputStream();
        new ForwarderHandler(() -> List.of(RetellStub.KEY), queue, Clock.fixed(receivedAt, ZoneOffset.UTC))
                .handleRequest(new ByteArrayInputStream(JSON.writeValueAsBytes(request)), answer, null);
        assertThat(answer.toString(StandardCharsets.UTF_8)).contains("204");
    }
}
