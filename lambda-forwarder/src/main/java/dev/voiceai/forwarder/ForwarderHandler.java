package dev.voiceai.forwarder;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The AWS Lambda function behind Retell's webhook URL. It takes a Function URL event (payload format 2.0) and answers
 * <ul>
 *   <li>204 when SQS has the event,
 *   <li>401 for every request whose signature does not hold, always with the same body, and sends nothing,
 *   <li>400 for a signed body that is not an event, 405 for another method than POST, 413 over 6 MB,
 *   <li>503 in under nine seconds when SQS did not take it; Retell waits ten seconds and then sends it again.
 * </ul>
 * Refusals are {@code application/problem+json} (RFC 9457). Nothing of a body is ever logged but the event's name and
 * its call id.
 *
 * <p>Environment: {@code CALL_EVENTS_QUEUE_URL}; {@code RETELL_WEBHOOK_KEY}, else {@code RETELL_API_KEY} (several
 * separated by commas while they rotate); {@code AWS_REGION}; {@code AWS_ENDPOINT_URL_SQS} for another SQS than AWS's
 * own; and the credentials that Lambda sets.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html">AWS Lambda: Function URLs</a>
 * @see <a href="https://docs.retellai.com/features/webhook-overview">Retell: webhooks</a>
 */
public final class ForwarderHandler implements RequestStreamHandler {
    /** The largest body taken, in bytes: what a Function URL lets through at most. */
    static final int BODY_LIMIT = 6 * 1024 * 1024;

    /** Version 00 of W3C's Trace Context, whose ids are not all zeros. */
    private static final Pattern TRACEPARENT =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    /** What names of events and ids of calls look like; whatever else came may be anything, even personal. */
    private static final Pattern FIT_FOR_LOG = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,79}");

    private final Supplier<Collection<String>> keys;
    private final QueueSender queue;
    private final Clock clock;

    /**
     * The function as AWS Lambda starts it, set up by its environment.
     *
     * @throws IllegalStateException when settings are missing; it names all of them
     */
    public ForwarderHandler() {
        this(System.getenv(), Clock.systemUTC());
    }

    ForwarderHandler(Map<String, String> environment, Clock clock) {
        this(complete(environment), new ExecutionRoleCredentials(environment, clock), clock);
    }

    private ForwarderHandler(Map<String, String> environment, ExecutionRoleCredentials role, Clock clock) {
        this(
                () -> webhookKeys(environment),
                new QueueSender(() -> queue(environment, role.get()), clock),
                clock);
    }

    /**
     * The function with parts of one's own.
     *
     * @param keys the API keys that may sign, asked for at each request
     * @param queue sends the events
     * @param clock judges the age of a signature, and says when an event was received
     */
    public ForwarderHandler(Supplier<Collection<String>> keys, QueueSender queue, Clock clock) {
        this.keys = keys;
        this.queue = queue;
        this.clock = clock;
    }

    /**
     * Answers one Function URL event.
     *
     * @param context for its logger; null when there is none
     */
    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        output.write(answer(input, context).payload);
    }

    private Answer answer(InputStream input, Context context) {
        long since = System.nanoTime();
        FunctionUrlRequest request;
        try {
            request = FunctionUrlRequest.read(input);
        } catch (StreamConstraintsException e) {
            return Answer.TOO_LARGE;
        } catch (IOException e) {
            log(context, LogLevel.WARN, "refused: the invocation is not a Function URL event");
            return Answer.MALFORMED;
        }
        if (!"POST".equals(request.method())) {
            return Answer.METHOD_NOT_ALLOWED;
        }
        byte[] body = request.body();
        if (body != null && body.length > BODY_LIMIT) {
            log(context, LogLevel.WARN, "refused: the body is over the limit");
            return Answer.TOO_LARGE;
        }
        if (body == null || !RetellSignature.verify(body, request.signature(), keys.get(), clock.instant())) {
            log(context, LogLevel.WARN, "refused: no valid signature");
            return Answer.UNAUTHORIZED;
        }
        Optional<CallEvent> read = CallEvent.read(body, clock.instant());
        if (read.isEmpty()) {
            log(context, LogLevel.ERROR, "refused: the body is signed but is not an event");
            return Answer.MALFORMED;
        }
        CallEvent event = read.get();
        try {
            queue.send(event.message(), traceparent(event, request), since);
        } catch (IOException e) {
            log(context, LogLevel.ERROR, "not queued: " + describe(event) + " reason=" + e.getMessage());
            return Answer.QUEUE_UNAVAILABLE;
        }
        log(context, LogLevel.INFO,
                "queued: " + describe(event) + " bytes=" + body.length + " sent=" + event.message().length());
        return Answer.QUEUED;
    }

    /** The trace of the call, which is signed, before that of the request; null for none. */
    private static String traceparent(CallEvent event, FunctionUrlRequest request) {
        return isTraceparent(event.traceparent())
                ? event.traceparent()
                : isTraceparent(request.traceparent()) ? request.traceparent() : null;
    }

    private static boolean isTraceparent(String text) {
        return text != null && TRACEPARENT.matcher(text).matches();
    }

    private static String describe(CallEvent event) {
        return "event=" + fitForLog(event.event()) + " call_id=" + fitForLog(event.callId());
    }

    private static String fitForLog(String text) {
        return text != null && FIT_FOR_LOG.matcher(text).matches() ? text : "-";
    }

    private static void log(Context context, LogLevel level, String line) {
        if (context != null && context.getLogger() != null) {
            context.getLogger().log(line, level);
        }
    }

    private static Map<String, String> complete(Map<String, String> environment) {
        List<String> missing = new ArrayList<>();
        for (String name : List.of("CALL_EVENTS_QUEUE_URL", "AWS_REGION")) {
            if (environment.getOrDefault(name, "").isBlank()) {
                missing.add(name);
            }
        }
        if (webhookKeys(environment).stream().allMatch(String::isBlank)) {
            missing.add("RETELL_WEBHOOK_KEY (or RETELL_API_KEY)");
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("Not set: " + String.join(", ", missing));
        }
        return environment;
    }

    private static QueueSettings queue(Map<String, String> environment, AwsCredentials credentials) {
        String endpoint = environment.getOrDefault("AWS_ENDPOINT_URL_SQS", "");
        return new QueueSettings(
                endpoint.isBlank() ? null : URI.create(endpoint),
                environment.get("AWS_REGION"),
                credentials,
                environment.get("CALL_EVENTS_QUEUE_URL"));
    }

    private static Collection<String> webhookKeys(Map<String, String> environment) {
        String keys = environment.getOrDefault("RETELL_WEBHOOK_KEY", "");
        if (keys.isBlank()) {
            keys = environment.getOrDefault("RETELL_API_KEY", "");
        }
        return Arrays.stream(keys.split(",")).map(String::strip).toList();
    }

    /** An answer in the format of a Function URL, ready to write. */
    private enum Answer {
        QUEUED("""
                {"statusCode":204}"""),
        MALFORMED(problem(400, "malformed", "Bad Request", "The body is not a JSON object with an event.")),
        UNAUTHORIZED(problem(401, "unauthorized", "Unauthorized", "The request has no valid signature.")),
        METHOD_NOT_ALLOWED(problem(405, "method-not-allowed", "Method Not Allowed", "Only POST is served here.")),
        TOO_LARGE(problem(413, "payload-too-large", "Content Too Large", "The body has more than 6 MB.")),
        QUEUE_UNAVAILABLE(problem(503, "queue-unavailable", "Service Unavailable", "The event was not stored."));

        private final byte[] payload;

        Answer(String payload) {
            this.payload = payload.getBytes(StandardCharsets.UTF_8);
        }

        private static String problem(int status, String type, String title, String detail) {
            return """
                    {"statusCode":%d,"headers":{"content-type":"application/problem+json"%s},"isBase64Encoded":false,\
                    "body":"{\\"type\\":\\"/problems/%s\\",\\"title\\":\\"%s\\",\\"status\\":%d,\
                    \\"detail\\":\\"%s\\"}"}"""
                    .formatted(status, status == 405 ? ",\"allow\":\"POST\"" : "", type, title, status, detail);
        }
    }
}
