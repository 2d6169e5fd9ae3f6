package dev.voiceai.forwarder;

import dev.voiceai.forwarder.QueueSender.Delivery;
import dev.voiceai.forwarder.QueueSender.Unconfirmed;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** The shipped signature, sent by the JDK's newer client. */
public final class JdkClientHandler extends CandidateHandler {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMillis(1500))
            .build();

    public JdkClientHandler() {
        super(Request::new);
    }

    private static final class Request implements Delivery {
        @Override
        public void send(String message, String traceparent, int limitMs) throws Exception {
            QueueSettings queue = settings();
            byte[] body = SqsRequest.sendMessage(queue.queueUrl(), message, traceparent);
            HttpRequest.Builder request = HttpRequest.newBuilder(queue.address())
                    .timeout(Duration.ofMillis(limitMs))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body));
            AwsSignature.sign(queue.address(), SqsRequest.HEADERS, body, queue.region(), queue.credentials(),
                            CLOCK.instant())
                    .forEach((name, value) -> {
                        // The client sends this one itself, and lets nobody else.
                        if (!name.equals("host")) {
                            request.header(name, value);
                        }
                    });
            HttpResponse<byte[]> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            Map<String, String> answer = SqsRequest.answer(response.body());
            if (response.statusCode() != 200 || !SqsRequest.md5(message).equals(answer.get("MD5OfMessageBody"))) {
                throw new Unconfirmed("HTTP " + response.statusCode());
            }
        }

        @Override
        public void close() {
            // The interrupt that goes before it ends the request.
        }
    }
}
