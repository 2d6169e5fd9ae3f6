package dev.voiceai.forwarder;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The shipped handler with another way to send: all code but that is the same. */
abstract class CandidateHandler implements RequestStreamHandler {
    static final Clock CLOCK = Clock.systemUTC();
    private static final Map<String, String> ENVIRONMENT = System.getenv();
    private static final ExecutionRoleCredentials ROLE = new ExecutionRoleCredentials(ENVIRONMENT, CLOCK);

    private final ForwarderHandler handler;

    CandidateHandler(Supplier<QueueSender.Delivery> deliveries) {
        handler = new ForwarderHandler(
                () -> List.of(ENVIRONMENT.get("RETELL_WEBHOOK_KEY")), new QueueSender(deliveries), CLOCK);
    }

    static QueueSettings settings() throws IOException {
        return new QueueSettings(
                URI.create(ENVIRONMENT.get("AWS_ENDPOINT_URL_SQS")),
                ENVIRONMENT.get("AWS_REGION"),
                ROLE.get(),
                ENVIRONMENT.get("CALL_EVENTS_QUEUE_URL"));
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        handler.handleRequest(input, output, context);
    }
}
