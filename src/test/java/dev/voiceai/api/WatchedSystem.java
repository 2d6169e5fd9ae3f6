package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.forwarder.RetellSignature;
import dev.voiceai.http.IdentityProvider;
import dev.voiceai.routes.RoutesCopy;
import dev.voiceai.system.ForeignSqs;
import dev.voiceai.system.Postgres;
import dev.voiceai.system.RunningSystem;
import dev.voiceai.system.SystemProcess;
import dev.voiceai.system.TraceCollector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.h2.tools.Server;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The application in a process of its own, set up with planted secrets, with everything outside it in the hands of the
 * test. What it lets out is kept: its log in both formats, its answers, and what it asked of others.
 */
final class WatchedSystem implements AutoCloseable {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    final Canaries canaries = new Canaries();
    final Stub retell = new Stub();
    final Stub abt = new Stub();
    final Stub crm = new Stub();
    final Stub eligibility = new Stub();
    final IdentityProvider provider = new IdentityProvider();
    final ForeignSqs sqs = new ForeignSqs();
    final TraceCollector traces = new TraceCollector();
    final RoutesCopy routes;
    final Link ledgerLink;
    final JdbcClient ledger;
    final JdbcClient warehouse;
    final SystemProcess process;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final SqsClient queues = ForeignSqs.client(sqs.url());
    private final List<String> answers = new CopyOnWriteArrayList<>();
    private final Path log;
    private final String retellKey = canaries.word("RETELL_API_KEY");
    private final String webhookKey = canaries.word("RETELL_WEBHOOK_KEY");
    private final String crmToken = canaries.word("CRM_WRITEBACK_TOKEN");
    private final Map<String, String> keys = Map.of(
            "engage", canaries.word("key of ENGAGE_API_KEYS"),
            "business", canaries.word("key of BUSINESS_API_KEYS"),
            "operator", canaries.word("key of OPERATOR_API_KEYS"));

    WatchedSystem(Path folder) throws IOException, SQLException {
        routes = RoutesCopy.below(folder);
        log = folder.resolve("log");
        var postgres = Postgres.newLedger();
        ledgerLink = new Link(URI.create(postgres.get("LEDGER_URL").substring("jdbc:".length())).getPort());
        ledger = client(postgres.get("LEDGER_URL"), postgres.get("LEDGER_USER"));
        var databases = Server.createTcpServer("-tcpPort", "0", "-baseDir", folder.toString(), "-ifNotExists").start();
        var warehouseUrl = "jdbc:h2:tcp://127.0.0.1:" + databases.getPort() + "/./warehouse;NON_KEYWORDS=VALUE;DB_CLOSE_DELAY=-1";
        warehouse = client(warehouseUrl, "");
        process = new SystemProcess(folder,
                Map.ofEntries(
                        Map.entry("LOG_FORMAT", "logstash"),
                        Map.entry("OTEL_BSP_SCHEDULE_DELAY", "200"),
                        Map.entry("AWS_ENDPOINT_URL_SQS", sqs.url()),
                        Map.entry("RETELL_BASE_URL", retell.url()),
                        Map.entry("RETELL_API_KEY", retellKey),
                        Map.entry("RETELL_WEBHOOK_KEY", webhookKey),
                        Map.entry("RETELL_FROM_NUMBER", canaries.number("RETELL_FROM_NUMBER")),
                        Map.entry("RETELL_AGENT_ID", "agent_of_the_test"),
                        Map.entry("ABT_URL", abt.url() + "/events"),
                        Map.entry("CRM_WRITEBACK_URL", crm.url() + "/contacts"),
                        Map.entry("CRM_WRITEBACK_TOKEN", crmToken),
                        Map.entry("ELIGIBILITY_URL", eligibility.url() + "/may-we-call"),
                        Map.entry("LEDGER_URL", postgres.get("LEDGER_URL")
                                .replaceFirst("//[^/]*/", "//127.0.0.1:" + ledgerLink.port() + "/")),
                        Map.entry("LEDGER_USER", postgres.get("LEDGER_USER")),
                        Map.entry("LEDGER_PASSWORD", canaries.word("LEDGER_PASSWORD")),
                        Map.entry("WAREHOUSE_URL", warehouseUrl),
                        Map.entry("ENGAGE_API_KEYS", "crm:" + keys.get("engage")),
                        Map.entry("BUSINESS_API_KEYS", "desk:" + keys.get("business")),
                        Map.entry("OPERATOR_API_KEYS", "ada:" + keys.get("operator")),
                        Map.entry("REVEAL_KEYS", "ada"),
                        Map.entry("OAUTH2_ISSUER", provider.issuer()),
                        Map.entry("OAUTH2_AUDIENCE", IdentityProvider.AUDIENCE),
                        Map.entry("PRIVACY_HASH_KEY", canaries.word("PRIVACY_HASH_KEY")),
                        Map.entry("ROUTES_DIR", routes.folder().toString())),
                Map.ofEntries(
                        Map.entry("logging.file.name", log.toString()),
                        Map.entry("traces.endpoint", traces.settings().get("traces.endpoint")),
                        // Nothing is to be learnt here about calls that keep silent.
                        Map.entry("reconcile.silent-after", "PT1H"),
                        Map.entry("abt.timeout-ms", "1000"),
                        Map.entry("abt.attempts-before-parking", "2"),
                        Map.entry("crm.timeout-ms", "2000"),
                        Map.entry("crm.repeats-before-review", "1"),
                        Map.entry("queues.visibility-seconds", "1"),
                        Map.entry("queues.wait-seconds", "1"),
                        Map.entry("retell.dial-timeout", "PT2S")));
    }

    private static JdbcClient client(String url, String user) {
        return JdbcClient.create(new DriverManagerDataSource(url, user, ""));
    }

    /** @param role engage, business or operator */
    String key(String role) {
        return keys.get(role);
    }

    // --- What is sent to it ---

    /** @param role null sends no key */
    HttpResponse<String> send(String method, String target, String role, String body) {
        return send(method, target, role == null ? Map.of() : Map.of("X-API-Key", keys.get(role)), body);
    }

    /** @param body JSON with single quotes, or empty */
    HttpResponse<String> send(String method, String target, Map<String, String> headers, String body) {
        var request = HttpRequest.newBuilder(process.api().resolve(target))
                .timeout(RunningSystem.PATIENCE)
                .method(method, BodyPublishers.ofString(body.replace('\'', '"')));
        (body.isEmpty() ? Map.<String, String>of() : JSON).forEach(request::setHeader);
        headers.forEach(request::setHeader);
        try {
            var answer = http.send(request.build(), BodyHandlers.ofString());
            answers.add(answer.headers().map() + (answer.statusCode() < 400 ? "" : "\n" + answer.body()));
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends what must succeed, and answers the JSON that came back. */
    JsonNode done(String method, String target, String role, String body) {
        var answer = send(method, target, role, body);
        assertThat(answer.statusCode()).as(method + " " + target + ": " + answer.body()).isBetween(200, 204);
        return answer.body().isEmpty() ? Client.JSON.nullNode() : Client.json(answer.body());
    }

    String accept(String call) {
        return done("POST", "/api/v1/calls", "engage", call).path("request_id").asText();
    }

    HttpResponse<String> postAsRetell(String path, String body) {
        var raw = body.replace('\'', '"');
        var signature = RetellSignature.sign(raw.getBytes(StandardCharsets.UTF_8), webhookKey, Instant.now());
        return send("POST", path, Map.of(RetellSignature.HEADER, signature), raw);
    }

    /** What no honest client sends; the answer is kept too. */
    void sendRaw(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", process.api().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 4");
            answers.add(answer);
        }
    }

    void sendToQueue(String queue, String body, Map<String, String> attributes) {
        var url = queues.getQueueUrl(name -> name.queueName(queue)).queueUrl();
        queues.sendMessage(message -> message.queueUrl(url).messageBody(body.replace('\'', '"')).messageAttributes(
                attributes.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, attribute ->
                        software.amazon.awssdk.services.sqs.model.MessageAttributeValue.builder()
                                .dataType("String").stringValue(attribute.getValue()).build()))));
    }

    /** Messages of a queue that wait or are in work. */
    int waiting(String queue) {
        return ForeignSqs.messages(queues, queue);
    }

    // --- What it lets out ---

    /** The log for people, as a file. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitLog(String... lines) {
        for (String line : lines) {
            await(line).atMost(RunningSystem.PATIENCE).until(() -> log().contains(line));
        }
    }

    String management(String path) {
        return send("GET", process.management() + path, Map.of(), "").body();
    }

    /** The headers of all answers, and the bodies of those that refuse. */
    String answers() {
        return String.join("\n", answers);
    }

    /** Request line and headers of everything that it asked of others, without the two credentials that belong there. */
    String requests() {
        return Stream.of(retell, abt, crm, eligibility).flatMap(stub -> stub.requests().stream()).map(request -> {
            var headers = new HashMap<>(request.headers());
            headers.values().removeIf(value -> List.of(List.of("Bearer " + retellKey), List.of("Bearer " + crmToken)).contains(value));
            return request.method() + " " + request.path() + "?" + request.query() + " " + headers;
        }).collect(Collectors.joining("\n"));
    }

    String events() {
        return abt.requests().stream().map(Stub.Request::text).collect(Collectors.joining("\n"));
    }

    /** Every item of a list of the API, page by page. */
    List<JsonNode> items(String list) {
        var items = new ArrayList<JsonNode>();
        var cursor = "";
        do {
            var page = done("GET", list + cursor, "operator", "");
            page.path("items").forEach(items::add);
            cursor = page.hasNonNull("next_cursor") ? "?cursor=" + page.path("next_cursor").asText() : "";
        } while (!cursor.isEmpty());
        return items;
    }

    /** The dead letters as the API lists them, each with what it shows of it. */
    String deadLetters() {
        return items("/api/v1/dead-letters").stream()
                .map(letter -> letter + "\n" + done("GET", "/api/v1/dead-letters/" + letter.path("id").asText(), "operator", ""))
                .collect(Collectors.joining("\n"));
    }

    /** What is beside the messages of both dead-letter queues: their attributes, without what a sender of the test put there. */
    String reasons() {
        return Stream.of("call-requests-dlq", "call-events-dlq")
                .flatMap(queue -> receive(queue).stream())
                .map(message -> message.messageAttributes().toString())
                .collect(Collectors.joining("\n"));
    }

    private List<Message> receive(String queue) {
        var url = queues.getQueueUrl(name -> name.queueName(queue)).queueUrl();
        var all = new ArrayList<Message>();
        List<Message> some;
        do {
            some = queues.receiveMessage(request -> request.queueUrl(url).maxNumberOfMessages(10).visibilityTimeout(60)
                    .messageAttributeNames("All")).messages();
            all.addAll(some);
        } while (!some.isEmpty());
        return all;
    }

    @Override
    public void close() {
        process.close();
        Stream.of(retell, abt, crm, eligibility).forEach(Stub::close);
        queues.close();
        sqs.close();
        traces.close();
        provider.close();
    }
}
