package dev.voiceai.sandbox;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.StandardEnvironment;

/**
 * The Retell sandbox: Retell's phone-call API on the loopback address, with scripted calls. Calls that were placed and
 * webhooks that were not yet delivered are on disk, and go on at the next start.
 */
public final class RetellSandbox implements AutoCloseable {
    /** Numbers keep the digits they came with, since Retell echoes metadata as it was sent. */
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private static final int HTTP_THREADS = 32;

    private final HttpServer server;
    private final ExecutorService executor;
    private final CallRunner runner;
    private final CallStore store;

    private RetellSandbox(SandboxSettings settings) {
        store = new CallStore(settings.dataDir());
        runner = new CallRunner(settings, store);
        executor = Executors.newFixedThreadPool(HTTP_THREADS, task -> {
            Thread thread = new Thread(task, "retell-sandbox-http");
            thread.setDaemon(true);
            return thread;
        });
        // The JDK's server sends head and body of an answer apart; without this the body waits some 40 ms for the
        // client's delayed acknowledgement of the head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), 0);
        } catch (IOException e) {
            store.close();
            throw new UncheckedIOException("The Retell sandbox cannot listen on port " + settings.port(), e);
        }
        server.setExecutor(executor);
        server.createContext("/", new RetellApi(settings, store, new Dialer(settings, store, runner), executor));
    }

    /**
     * Starts a sandbox; calls and webhooks left over from an earlier run go on at once.
     *
     * @throws UncheckedIOException when the port is taken
     * @throws org.springframework.dao.DataAccessException when the database file cannot be opened, as when another
     *     sandbox has it
     */
    public static RetellSandbox start(SandboxSettings settings) {
        RetellSandbox sandbox = new RetellSandbox(settings);
        sandbox.server.start();
        sandbox.runner.start();
        return sandbox;
    }

    /** Where it listens, in place of {@code https://api.retellai.com}. */
    public URI baseUri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Stops answering, notes the deliveries under way and closes the database. */
    @Override
    public void close() {
        server.stop(0);
        executor.shutdown();
        runner.close();
        store.close();
    }

    /**
     * Runs the sandbox by itself until it is killed. Settings are environment variables, all of them optional:
     * {@code SANDBOX_PORT} (8090), {@code RETELL_API_KEY} and {@code RETELL_WEBHOOK_KEY} ({@code key_sandbox}),
     * {@code SANDBOX_WEBHOOK_URL}, {@code SANDBOX_INBOUND_URL}, {@code DATA_DIR} (./data),
     * {@code SANDBOX_CONCURRENCY}, {@code SANDBOX_CALLS_PER_SECOND}, {@code SANDBOX_TIME_SCALE},
     * {@code SANDBOX_WEBHOOK_RETRIES} (comma-separated ISO-8601 durations), {@code SANDBOX_FROM_NUMBERS} and
     * {@code SANDBOX_AGENT_IDS} (comma-separated).
     */
    public static void main(String[] args) {
        // The application's log format, in place of Logback's default of printing everything.
        LoggingSystem logging = LoggingSystem.get(RetellSandbox.class.getClassLoader());
        logging.beforeInitialize();
        logging.initialize(new LoggingInitializationContext(new StandardEnvironment()), null, null);
        SandboxSettings settings = settings(System.getenv());
        RetellSandbox sandbox = start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close));
        System.out.printf("Retell sandbox: %s, webhooks to %s%n%n%s", sandbox.baseUri(),
                settings.webhookUrl() == null ? "nobody (SANDBOX_WEBHOOK_URL is not set)" : settings.webhookUrl().get(),
                Script.table());
    }

    static SandboxSettings settings(Map<String, String> environment) {
        Map<String, String> set = environment.entrySet().stream().filter(entry -> !entry.getValue().isBlank())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        String apiKeys = set.getOrDefault("RETELL_API_KEY", "key_sandbox");
        SandboxSettings defaults = SandboxSettings.of(Path.of(set.getOrDefault("DATA_DIR", "./data")), "key_sandbox",
                url(set.get("SANDBOX_WEBHOOK_URL")));
        // A list of webhook keys is being rotated: the first one signs.
        return defaults.withPort(Integer.parseInt(set.getOrDefault("SANDBOX_PORT", "8090")))
                .withKeys(Set.copyOf(list(apiKeys)), list(set.getOrDefault("RETELL_WEBHOOK_KEY", apiKeys)).get(0))
                .withInboundUrl(url(set.get("SANDBOX_INBOUND_URL")))
                .withLimits(number(set.get("SANDBOX_CONCURRENCY"), SandboxSettings.CONCURRENCY),
                        number(set.get("SANDBOX_CALLS_PER_SECOND"), SandboxSettings.CALLS_PER_SECOND))
                .withTimeScale(Double.parseDouble(set.getOrDefault("SANDBOX_TIME_SCALE", "1")))
                .withWebhookRetries(set.containsKey("SANDBOX_WEBHOOK_RETRIES")
                                ? list(set.get("SANDBOX_WEBHOOK_RETRIES")).stream().map(Duration::parse).toList()
                                : defaults.webhookRetries(), defaults.webhookTimeout())
                .withKnown(Set.copyOf(list(set.get("SANDBOX_FROM_NUMBERS"))),
                        Set.copyOf(list(set.get("SANDBOX_AGENT_IDS"))));
    }

    private static Supplier<URI> url(String value) {
        if (value == null) {
            return null;
        }
        // Refuses an address without scheme and host now, not at the first webhook.
        URI url = HttpRequest.newBuilder(URI.create(value)).build().uri();
        return () -> url;
    }

    private static int number(String value, int fallback) {
        return value == null ? fallback : Integer.parseInt(value);
    }

    private static List<String> list(String value) {
        return value == null ? List.of() : Arrays.stream(value.split(",")).map(String::strip).toList();
    }
}
