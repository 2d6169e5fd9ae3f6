package dev.voiceai.forwarder;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * However SQS, or what gives out the credentials, fails: a 5xx in under nine seconds, since Retell waits ten. All the
 * outages run at once, each with a function of its own.
 */
class OutageTest {
    private static final Duration LIMIT = Duration.ofSeconds(9);
    private static final String KEY = "key_current";
    private static final byte[] BODY = Samples.read("call_analyzed.success.json");
    /** More than the buffers of a socket hold, so that writing it blocks. */
    private static final byte[] LARGE_BODY = ("{\"event\":\"call_analyzed\",\"call\":{\"transcript\":\""
            + "x".repeat(1_000_000) + "\"}}").getBytes(UTF_8);
    private static final String HEAD = "HTTP/1.1 %s\r\nContent-Type: application/x-amz-json-1.0\r\n";

    /** What happens on a connection. */
    private interface Peer {
        void meet(Socket socket) throws Exception;
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch tricklesEnded = new CountDownLatch(2);
    private FakeSqs sqs;

    @BeforeEach
    void start() throws IOException {
        sqs = new FakeSqs();
    }

    @AfterEach
    void stop() throws Exception {
        over.countDown();
        threads.shutdownNow();
        for (AutoCloseable it : open) {
            it.close();
        }
        sqs.close();
    }

    @Test
    void everyOutageIsA5xxInUnderNineSeconds() throws Exception {
        Map<String, Map<String, String>> outages = new LinkedHashMap<>();
        outages.put("nothing listens", endpoint("http", closedPort()));
        outages.put("no such host", Map.of("AWS_ENDPOINT_URL_SQS", "http://queue.invalid/"));
        outages.put("connecting hangs", endpoint("http", fullPort()));
        outages.put("takes the connection and stays silent", endpoint("http", listen(socket -> over.await())));
        outages.put("never shakes hands for TLS", endpoint("https", listen(socket -> over.await())));
        outages.put("breaks off the handshake", endpoint("https", listen(socket -> { })));
        outages.put("closes at once", endpoint("http", listen(socket -> { })));
        outages.put("resets", endpoint("http", listen(socket -> {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
        })));
        outages.put("takes the request and stays silent", endpoint("http", listen(socket -> {
            readRequest(socket);
            over.await();
        })));
        outages.put("trickles its head", endpoint("http", listen(socket -> {
            readRequest(socket);
            trickle(socket, HEAD.formatted("200 OK") + "X: ");
        })));
        outages.put("trickles its body", endpoint("http", listen(socket -> {
            readRequest(socket);
            try {
                trickle(socket, HEAD.formatted("200 OK") + "\r\n{");
            } catch (IOException e) {
                tricklesEnded.countDown();
            }
        })));
        outages.put("breaks off its answer", endpoint("http", listen(socket -> {
            readRequest(socket);
            answer(socket, HEAD.formatted("200 OK") + "Content-Length: 500\r\n\r\n{\"MessageId\":\"m-1\",");
        })));
        outages.put("is no HTTP server", endpoint("http", listen(socket -> answer(socket, "SSH-2.0-x\r\n"))));
        outages.put("500 at once", endpoint("http", listen(socket -> {
            readRequest(socket);
            answer(socket, HEAD.formatted("500 Internal Server Error") + "Content-Length: 0\r\n\r\n");
        })));
        outages.put("500 after three seconds", endpoint("http", listen(socket -> {
            readRequest(socket);
            over.await(3, TimeUnit.SECONDS);
            answer(socket, HEAD.formatted("500 Internal Server Error") + "Content-Length: 0\r\n\r\n");
        })));
        outages.put("500 without an end", endpoint("http", listen(socket -> {
            readRequest(socket);
            trickle(socket, HEAD.formatted("500 Internal Server Error") + "\r\n");
        })));
        outages.put("redirects to itself", endpoint("http", listen(socket -> {
            readRequest(socket);
            answer(socket, HEAD.formatted("307 Temporary Redirect") + "Location: /\r\nContent-Length: 0\r\n\r\n");
        })));
        outages.put("the endpoint is no address", Map.of("AWS_ENDPOINT_URL_SQS", "sqs:eu-central-1"));
        outages.put("no credentials", Map.of("AWS_ACCESS_KEY_ID", ""));
        outages.put("the credentials stay silent", credentials(listen(socket -> over.await())));
        outages.put("connecting to the credentials hangs", credentials(fullPort()));
        outages.put("the credentials trickle", credentials(listen(socket ->
                trickle(socket, HEAD.formatted("200 OK") + "\r\n"))));
        outages.put("the credentials are refused", credentials(listen(socket ->
                answer(socket, HEAD.formatted("403 Forbidden") + "Content-Length: 0\r\n\r\n"))));

        Map<String, Future<String>> results = new LinkedHashMap<>();
        outages.forEach((outage, settings) -> results.put(outage, threads.submit(() -> judge(settings, BODY))));
        results.put("reads nothing of a large message",
                threads.submit(() -> judge(endpoint("http", listen(socket -> over.await())), LARGE_BODY)));

        Map<String, String> found = new LinkedHashMap<>();
        for (Map.Entry<String, Future<String>> result : results.entrySet()) {
            found.put(result.getKey(), result.getValue().get(60, TimeUnit.SECONDS));
        }
        assertThat(found).allSatisfy((outage, result) -> assertThat(result).as(outage).isEqualTo("503 in time"));
        assertThat(sqs.tried).isEmpty();
        assertThat(tricklesEnded.await(10, TimeUnit.SECONDS)).as("both given up connections are closed").isTrue();
    }

    /** Sends one event, and says what came of it. */
    private String judge(Map<String, String> settings, byte[] body) throws IOException {
        Map<String, String> environment = new HashMap<>(sqs.environment());
        environment.put("RETELL_WEBHOOK_KEY", KEY);
        environment.putAll(settings);
        environment.values().removeIf(String::isEmpty);
        Lambda lambda = new Lambda(new ForwarderHandler(environment, Clock.systemUTC()));
        String signature = RetellSignature.sign(body, KEY, Instant.now());
        long start = System.nanoTime();
        int status = lambda.invoke(Lambda.post(body, Map.of(RetellSignature.HEADER, signature)))
                .get("statusCode").asInt();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return status + (took.compareTo(LIMIT) < 0 ? " in time" : " after " + took) + leaks(lambda.log);
    }

    private static String leaks(List<String> log) {
        return String.join("\n", log).matches("(?s).*(\\+\\d|Zo|key_|token|secret|Agent:).*") ? ", leaks: " + log : "";
    }

    private static Map<String, String> endpoint(String scheme, int port) {
        return Map.of("AWS_ENDPOINT_URL_SQS", scheme + "://127.0.0.1:" + port);
    }

    private static Map<String, String> credentials(int port) {
        return Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:" + port + "/");
    }

    private int listen(Peer peer) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(server);
        threads.submit(() -> {
            while (true) {
                Socket connection = server.accept();
                threads.submit(() -> {
                    try (connection) {
                        peer.meet(connection);
                    }
                    return null;
                });
            }
        });
        return server.getLocalPort();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return server.getLocalPort();
        }
    }

    /** A port whose queue of waiting connections is full: the next one gets no answer at all. */
    private int fullPort() throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        open.add(server);
        for (int i = 0; i < 8; i++) {
            SocketChannel waiting = SocketChannel.open();
            waiting.configureBlocking(false);
            waiting.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
            open.add(waiting);
        }
        return server.getLocalPort();
    }

    private static void readRequest(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.read());
        }
        String length = head.toString().toLowerCase().replaceFirst("(?s).*content-length: (\\d+).*", "$1");
        in.readNBytes(Integer.parseInt(length));
    }

    private static void answer(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        socket.getOutputStream().flush();
    }

    /** A byte now and then keeps every read time-out of an HTTP client from firing. */
    private void trickle(Socket socket, String start) throws Exception {
        OutputStream out = socket.getOutputStream();
        answer(socket, start);
        while (!over.await(300, TimeUnit.MILLISECONDS)) {
            out.write(' ');
            out.flush();
        }
    }
}
