package dev.voiceai.forwarder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.voiceai.forwarder.QueueSender.Unconfirmed;
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
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * One {@code SendMessage} in the JSON protocol of SQS, over the JDK's oldest client. {@code bench/forwarder} measures
 * what else could be in its place.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html">AWS:
 *     SendMessage</a>
 */
final class SqsRequest implements QueueSender.Delivery {
    static final Map<String, String> HEADERS = Map.of(
            "content-type", "application/x-amz-json-1.0",
            "x-amz-target", "AmazonSQS.SendMessage");

    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(1500);
    /** An answer of SQS has a few hundred bytes. */
    private static final int ANSWER_LIMIT = 64 * 1024;

    /** Adds to the headers, by lower-case name, those that sign them. */
    interface Signer {
        Map<String, String> sign(
                URI address, Map<String, String> headers, byte[] body, String region, AwsCredentials as, Instant at);
    }

    private final Callable<QueueSettings> settings;
    private final Clock clock;
    private final Signer signer;
    private volatile HttpURLConnection underWay;
    private volatile boolean closed;

    SqsRequest(Callable<QueueSettings> settings, Clock clock, Signer signer) {
        this.settings = settings;
        this.clock = clock;
        this.signer = signer;
    }

    @Override
    public void send(String message, String traceparent, int limitMs) throws Exception {
        QueueSettings queue;
        try {
            queue = settings.call();
        } catch (IOException e) {
            throw new Unconfirmed("no queue to send to: " + e.getMessage());
        }
        URI address = queue.address();
        byte[] body = sendMessage(queue.queueUrl(), message, traceparent);
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        underWay = connection;
        if (closed) {
            throw new Unconfirmed("given up");
        }
        connection.setRequestMethod("POST");
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) Math.min(CONNECT_TIMEOUT.toMillis(), limitMs));
        connection.setReadTimeout(limitMs);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        signer.sign(address, HEADERS, body, queue.region(), queue.credentials(), clock.instant())
                .forEach(connection::setRequestProperty);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        int status = connection.getResponseCode();
        Map<String, String> answer;
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            answer = answer(in == null ? new byte[0] : in.readNBytes(ANSWER_LIMIT));
        }
        // Read to its end, the connection can be used again.
        underWay = null;
        if (status != 200) {
            throw new Unconfirmed("HTTP " + status + " " + errorCode(answer.get("__type")));
        }
        if (!md5(message).equals(answer.get("MD5OfMessageBody"))) {
            throw new Unconfirmed("HTTP 200 without the digest of this message");
        }
    }

    @Override
    public void close() {
        closed = true;
        HttpURLConnection connection = underWay;
        if (connection != null) {
            connection.disconnect();
        }
    }

    static byte[] sendMessage(String queueUrl, String message, String traceparent) throws IOException {
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

    /** The text fields of the answer, none when it is not JSON. */
    static Map<String, String> answer(byte[] body) {
        Map<String, String> fields = new HashMap<>();
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

    static String md5(String message) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(digest.digest(message.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
