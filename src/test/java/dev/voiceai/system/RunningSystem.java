package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.VoiceAiApplication;
import dev.voiceai.forwarder.RetellSignature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/**
 * The real application in this JVM: all routes, everything outside embedded unless a setting names another server, on
 * free ports. What takes minutes in production takes fractions of a second here.
 */
public final class RunningSystem implements AutoCloseable {
    /** Longer than any script takes, so that a time-out means a call that hangs. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, String> FAST = Map.ofEntries(
            Map.entry("server.port", "0"),
            Map.entry("server.address", "127.0.0.1"),
            Map.entry("management.server.port", "0"),
            Map.entry("management.server.address", "127.0.0.1"),
            Map.entry("queues.wait-seconds", "2"),
            Map.entry("metrics.period", "500"),
            Map.entry("metrics.queue-period", "1000"),
            Map.entry("warehouse.flush-interval", "PT0.3S"),
            Map.entry("calling.windows", "always"),
            // Tests ask faster than any client.
            Map.entry("rate-limit.per-caller", "0"),
            Map.entry("rate-limit.unknown", "0"),
            Map.entry("agents[0].agent_id", "agent_x"),
            Map.entry("agents[0].from_number", "+14155550123"),
            Map.entry("agents[0].discloses_ai", "true"),
            Map.entry("agents[0].recording", "none"),
            Map.entry("retell.calls-per-second", "50"),
            Map.entry("retell.concurrency", "100"),
            Map.entry("retell.unknown-lookups", "PT0.5S,PT1.5S,PT4S"),
            Map.entry("reconcile.silent-after", "PT4S"),
            Map.entry("reconcile.sweep-period", "PT1S"),
            Map.entry("reconcile.period", "PT0.5S"),
            Map.entry("retell.probe-period", "PT0.5S"),
            Map.entry("policy.payment_required.delays", "PT0.2S"),
            Map.entry("policy.own_number_or_agent_unknown.delays", "PT0.2S"),
            Map.entry("policy.rate_limited.delays", "PT0.2S"),
            Map.entry("policy.unreachable.delays", "PT0.2S"),
            Map.entry("policy.concurrency_limit_reached.delays", "PT0.2S"),
            Map.entry("policy.concurrency_limit_reached.attempts", "3"));

    private static RunningSystem shared;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConfigurableApplicationContext context;
    /** What is deleted at the end; null when the folder is the test's. */
    private final Path ownFolder;

    private RunningSystem(ConfigurableApplicationContext context, Path ownFolder) {
        this.context = context;
        this.ownFolder = ownFolder;
    }

    /** A system of its own, in a new data folder. */
    public static RunningSystem start(Map<String, String> settings) {
        try {
            var folder = Files.createTempDirectory("voice-ai-");
            return new RunningSystem(run(folder, settings), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A system that goes on with the data folder of an earlier one. */
    public static RunningSystem start(Path dataFolder, Map<String, String> settings) {
        return new RunningSystem(run(dataFolder, settings), null);
    }

    private static ConfigurableApplicationContext run(Path dataFolder, Map<String, String> settings) {
        var application = new SpringApplication(VoiceAiApplication.class);
        application.setRegisterShutdownHook(false);
        return application.run(arguments(dataFolder, settings));
    }

    /** The command line of a system: the fast settings, and others over them. */
    static String[] arguments(Path dataFolder, Map<String, String> settings) {
        var all = new LinkedHashMap<>(FAST);
        all.put("data.dir", dataFolder.toString());
        all.putAll(settings);
        return all.entrySet().stream().map(setting -> "--" + setting).toArray(String[]::new);
    }

    /**
     * The system with the fast settings that all test classes share; it stops with the JVM. Its SQS is in memory: the
     * embedded one is on disk once in a JVM, and some tests need that.
     */
    public static synchronized RunningSystem shared() {
        if (shared == null) {
            shared = start(new ForeignSqs().settings());
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    @Override
    public void close() {
        context.close();
        try {
            FileSystemUtils.deleteRecursively(ownFolder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --- What it is made of ---

    public String setting(String name) {
        return context.getEnvironment().getProperty(name);
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    public JdbcClient ledger() {
        return JdbcClient.create(context.getBean("ledger", DataSource.class));
    }

    public JdbcClient warehouse() {
        return JdbcClient.create(context.getBean("warehouse", DataSource.class));
    }

    // --- HTTP, as the outside sees it ---

    public URI api() {
        return URI.create("http://127.0.0.1:" + setting("local.server.port"));
    }

    public URI management() {
        return URI.create("http://127.0.0.1:" + setting("local.management.port"));
    }

    /** @param role engage, business or operator; null sends no key */
    public HttpResponse<String> post(String path, String role, String body) {
        return post(path, role, body, Map.of());
    }

    public HttpResponse<String> post(String path, String role, String body, Map<String, String> headers) {
        var request = request(path, role)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        headers.forEach(request::setHeader);
        return send(request);
    }

    public HttpResponse<String> get(String path, String role) {
        return send(request(path, role).GET());
    }

    public HttpResponse<String> delete(String path, String role) {
        return send(request(path, role).DELETE());
    }

    private HttpRequest.Builder request(String path, String role) {
        var request = HttpRequest.newBuilder(api().resolve(path)).timeout(PATIENCE);
        return role == null ? request : request.header("X-API-Key", key(role));
    }

    /** The first key of a role. */
    public String key(String role) {
        return setting("api-keys." + role).split(",")[0].split(":", 2)[1];
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --- Calls ---

    /** Asks for a call as Engage does, and answers its request_id. */
    public String requestCall(String toNumber) {
        return requestCall(JSON.createObjectNode().put("to_number", toNumber));
    }

    public String requestCall(ObjectNode call) {
        var response = post("/api/v1/calls", "engage", call.toString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return json(response).get("request_id").asText();
    }

    /** GET /api/v1/calls/{request_id}. */
    public JsonNode call(String requestId) {
        var response = get("/api/v1/calls/" + requestId, "operator");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    public JsonNode awaitFinal(String requestId) {
        return awaitCall(requestId, call -> call.get("final").asBoolean());
    }

    public JsonNode awaitState(String requestId, String state) {
        return awaitCall(requestId, call -> call.get("state").asText().equals(state));
    }

    private JsonNode awaitCall(String requestId, Predicate<JsonNode> condition) {
        return await("call " + requestId).atMost(PATIENCE).until(() -> call(requestId), condition);
    }

    // --- What the outside got ---

    /** The ABT events of a request (or, for a call nobody asked for, of its call_id) in the order of their arrival. */
    public List<JsonNode> events(String subject) {
        return items(send(HttpRequest.newBuilder(URI.create(setting("abt.url"))).GET())).stream()
                .filter(event -> event.path("subject").asText().equals(subject))
                .toList();
    }

    /** Their types, without the prefix that all have. */
    public List<String> eventTypes(String subject) {
        return types(events(subject));
    }

    static List<String> types(List<JsonNode> events) {
        return events.stream()
                .map(event -> event.get("type").asText().replaceFirst("^voice_ai\\.call\\.", ""))
                .toList();
    }

    /** Every create-phone-call that the sandbox got for a request, with its answer. */
    public List<JsonNode> dials(String requestId) {
        var address = setting("retell.base-url") + "/sandbox/calls?request_id=" + requestId;
        return items(send(HttpRequest.newBuilder(URI.create(address))
                .header("Authorization", "Bearer " + setting("retell.api-key"))
                .GET()));
    }

    static List<JsonNode> items(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return StreamSupport.stream(json(response).get("items").spliterator(), false).toList();
    }

    /** Everything that the ledger caused has been delivered. */
    public void awaitEmptyOutbox(String stream) {
        await("outbox of " + stream).atMost(PATIENCE).until(() -> ledger()
                .sql("SELECT COUNT(*) FROM outbox WHERE stream = ? AND state <> 'delivered'")
                .param(stream)
                .query(Long.class)
                .single() == 0);
    }

    // --- What Retell sends ---

    /** Posts a body as Retell does: signed over the raw bytes with the webhook key. */
    public HttpResponse<String> postAsRetell(String path, String body) {
        return post(path, null, body, Map.of(RetellSignature.HEADER, sign(body)));
    }

    /** Lets somebody call one of our numbers. */
    public HttpResponse<String> callIn(String fromNumber, String toNumber) {
        var body = JSON.createObjectNode().put("from_number", fromNumber).put("to_number", toNumber);
        return postToSandbox("/sandbox/inbound", body.toString());
    }

    /** Hangs up on a call that is ongoing. */
    public HttpResponse<String> stopCall(String callId) {
        return postToSandbox("/v2/stop-call/" + callId, "");
    }

    private HttpResponse<String> postToSandbox(String path, String body) {
        return send(HttpRequest.newBuilder(URI.create(setting("retell.base-url") + path))
                .header("Authorization", "Bearer " + setting("retell.api-key"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    public String sign(String body) {
        return RetellSignature.sign(
                body.getBytes(StandardCharsets.UTF_8), setting("retell.webhook-keys").split(",")[0], Instant.now());
    }
}
