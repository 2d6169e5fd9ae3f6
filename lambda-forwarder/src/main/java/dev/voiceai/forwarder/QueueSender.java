package dev.voiceai.forwarder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends one message to SQS with two tries and a hard limit on the time they take together. It speaks the JSON protocol
 * of SQS over the JDK's client: from a cold start that takes about half the processor time of the AWS SDK, and a tenth
 * of its size.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html">AWS:
 *     SendMessage</a>
 */
public final class QueueSender {
    private static final JsonFactory JSON = new JsonFactory();
    /** Retell waits 10 s; this leaves room for a cold start and the way back. */
    private static final Duration BUDGET = Duration.ofSeconds(8);
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(1500);
    private static final int BACK_OFF_FROM_MS = 100;
    private static final int BACK_OFF_TO_MS = 400;
    /** An answer of SQS has a few hundred bytes. */
    private static final int ANSWER_LIMIT = 64 * 1024;

    private final Callable<QueueSettings> settings;
    private final Clock clock;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "sqs-send");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * A sender that asks for its settings at each try, since credentials expire.
     *
     * @param settings the queue; a failure counts as a failed try
     * @param clock signs the requests' time
     */
    public QueueSender(Callable<QueueSettings> settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Returns once SQS has confirmed that it holds exactly this message. When a confirmation is lost, the second try
     * may send the message twice: its consumers tolerate that.
     *
     * @param message printable ASCII
     * @param traceparent the W3C trace context to send as a message attribute, or null
     * @throws IOException when neither try was confirmed within eight seconds; its text is fit for a log
     */
    public void send(String message, String traceparent) throws IOException {
        long end = System.nanoTime() + BUDGET.toNanos();
        try {
            attempt(message, traceparent, BUDGET.toNanos() / 2);
        } catch (IOException first) {
            try {
                TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(BACK_OFF_FROM_MS, BACK_OFF_TO_MS));
                attempt(message, traceparent, end - System.nanoTime());
            } catch (IOException second) {
                second.addSuppressed(first);
                throw second;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw first;
            }
        }
    }

    /** Runs one try on its own thread: no time-out of the JDK's client covers look-up, connect and answer together. */
    private void attempt(String message, String traceparent, long limitNanos) throws IOException {
        Future<Void> post = threads.submit(() -> {
            post(message, traceparent, (int) TimeUnit.NANOSECONDS.toMillis(limitNanos));
            return null;
        });
        try {
            post.get(limitNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer in time");
        } catch (ExecutionException e) {
            // Not the cause's own text: it may hold what was sent.
            throw e.getCause() instanceof Unconfirmed unconfirmed
                    ? unconfirmed
                    : new IOException(e.getCause().getClass().getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        } finally {
            post.cancel(true);
        }
    }

    private void post(String message, String traceparent, int limitMs) throws Exception {
        QueueSettings queue;
        try {
            queue = settings.call();
        } catch (IOException e) {
            throw new Unconfirmed("no queue to send to: " + e.getMessage());
        }
        URI address = queue.address();
        byte[] body = sendMessage(queue.queueUrl(), message, traceparent);
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) Math.min(CONNECT_TIMEOUT.toMillis(), limitMs));
        connection.setReadTimeout(limitMs);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        Map<String, String> headers = Map.of(
                "content-type", "application/x-amz-json-1.0",
                "x-amz-target", "AmazonSQS.SendMessage");
        AwsSignature.sign(address, headers, body, queue.region(), queue.credentials(), clock.instant())
                .forEach(connection::setRequestProperty);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        int status = connection.getResponseCode();
        Map<String, String> answer = answer(status < 400 ? connection.getInputStream() : connection.getErrorStream());
        if (status != 200) {
            throw new Unconfirmed("HTTP " + status + " " + errorCode(answer.get("__type")));
        }
        if (!md5(message).equals(answer.get("MD5OfMessageBody"))) {
            throw new Unconfirmed("HTTP 200 without the digest of this message");
        }
    }

    private static byte[] sendMessage(String queueUrl, String message, String traceparent) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.length() + 1024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("QueueUrl", queueUrl);
            json.writeStringField("MessageBody", message);
            if (traceparent != null) {
                json.writeObjectFieldStart("MessageAttributes");
                json.writeObjectFieldStart("traceparent");
                json.writeStringField("DataType", "String");
                json.writeStringField("StringValue", traceparent);
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** The text fields of the answer, none when it is not JSON. Read to its end, the connection can be used again. */
    private static Map<String, String> answer(InputStream stream) throws IOException {
        Map<String, String> fields = new HashMap<>();
        if (stream == null) {
            return fields;
        }
        byte[] body;
        try (stream) {
            body = stream.readNBytes(ANSWER_LIMIT);
        }
        try (JsonParser json = JSON.createParser(body)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING) {
                    fields.put(json.currentName(), json.getText());
                }
            }
        } catch (IOException e) {
            // A proxy's page; the status code says enough.
            fields.clear();
        }
        return fields;
    }

    /** The error's name alone, such as {@code QueueDoesNotExist}: the rest of the answer may repeat the message. */
    private static String errorCode(String type) {
        String code = type == null ? "" : type.substring(type.indexOf('#') + 1);
        return code.matches("[A-Za-z.]{1,80}") ? code : "without an error code";
    }

    private static String md5(String message) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(digest.digest(message.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A try that did not end with "I have it", in words fit for a log. */
    private static final class Unconfirmed extends IOException {
        Unconfirmed(String message) {
            super(message);
        }
    }
}
