package dev.voiceai.forwarder;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An SQS that checks the JSON protocol and misbehaves on demand. */
final class FakeSqs implements AutoCloseable {
    /** Answers one request; the message is already noted as tried. */
    interface Behaviour {
        void answer(HttpExchange exchange, JsonNode request) throws Exception;
    }

    static final String REGION = "eu-central-1";
    static final AwsCredentials CREDENTIALS = new AwsCredentials("AKIDEXAMPLE", "secret", "token");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What SQS confirmed. */
    final List<JsonNode> sent = new CopyOnWriteArrayList<>();
    /** Everything that came. */
    final List<JsonNode> tried = new CopyOnWriteArrayList<>();

    private final Queue<Behaviour> next = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    FakeSqs() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    String queueUrl() {
        return endpoint() + "/000000000000/call-events";
    }

    /** What the function's environment says of the queue, its region and who may send to it. */
    Map<String, String> environment() {
        return Map.of(
                "CALL_EVENTS_QUEUE_URL", queueUrl(),
                "AWS_REGION", REGION,
                "AWS_ACCESS_KEY_ID", CREDENTIALS.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY", CREDENTIALS.secretAccessKey(),
                "AWS_SESSION_TOKEN", CREDENTIALS.sessionToken());
    }

    QueueSettings settings() {
        return new QueueSettings(endpoint(), REGION, CREDENTIALS, queueUrl());
    }

    /** The next request meets this; those after it are taken as usual. */
    void then(Behaviour behaviour) {
        next.add(behaviour);
    }

    static Behaviour status(int status, String body) {
        return (exchange, request) -> respond(exchange, status, body);
    }

    static Behaviour hangUp() {
        return (exchange, request) -> {
            exchange.getRequestBody().close();
            exchange.close();
        };
    }

    /** Takes the message and never says so. */
    Behaviour takeSilently() {
        return (exchange, request) -> {
            sent.add(request);
            exchange.close();
        };
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String fault = protocolFault(exchange, body);
            if (fault != null) {
                respond(exchange, 400, "{\"__type\":\"com.amazon.coral.service#" + fault + "\"}");
                return;
            }
            JsonNode request = MAPPER.readTree(body);
            tried.add(request);
            Behaviour behaviour = next.poll();
            if (behaviour != null) {
                behaviour.answer(exchange, request);
            } else {
                sent.add(request);
                respond(exchange, 200, "{\"MessageId\":\"m-1\",\"MD5OfMessageBody\":\""
                        + hash("MD5", request.get("MessageBody").asText().getBytes(UTF_8)) + "\"}");
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static String protocolFault(HttpExchange exchange, byte[] body) {
        var headers = exchange.getRequestHeaders();
        if (!"POST".equals(exchange.getRequestMethod()) || !"/".equals(exchange.getRequestURI().getPath())) {
            return "UnknownOperation";
        }
        if (!"application/x-amz-json-1.0".equals(headers.getFirst("Content-Type"))) {
            return "UnsupportedMediaType";
        }
        if (!"AmazonSQS.SendMessage".equals(headers.getFirst("X-Amz-Target"))) {
            return "UnknownOperation";
        }
        boolean signed = hash("SHA-256", body).equals(headers.getFirst("X-Amz-Content-Sha256"))
                && CREDENTIALS.sessionToken().equals(headers.getFirst("X-Amz-Security-Token"))
                && String.valueOf(headers.getFirst("Authorization"))
                        .matches("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\\d{8}/" + REGION + "/sqs/aws4_request, "
                                + "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;"
                                + "x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}");
        return signed ? null : "IncompleteSignature";
    }

    private static void respond(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String hash(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
