package dev.voiceai.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.voiceai.forwarder.RetellSignature;
import dev.voiceai.routes.CommandSettings;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The whole system in this process, with a copy of the routes, in a temporary folder, on free ports of loopback. What
 * would be outside is a {@link StandIn} or an embedded part.
 */
final class CaseSystem implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final StandIn standIn = new StandIn();
    private final Path folder;
    private ConfigurableApplicationContext context;

    private CaseSystem(Path folder) {
        this.folder = folder;
    }

    /**
     * Starts one.
     *
     * @param settings names and values, as the application takes them on its command line
     * @param ran gets the routes that run
     * @throws RuntimeException of the application where it does not start
     */
    static CaseSystem start(Class<?> application, Path routes, Map<String, String> settings, RanRoutes ran) throws IOException {
        var system = new CaseSystem(Files.createTempDirectory("voice-ai-test-"));
        try {
            FileSystemUtils.copyRecursively(routes, system.routes());
            var run = new SpringApplication(application);
            run.setRegisterShutdownHook(false);
            run.addInitializers(context -> context.getBeanFactory().registerSingleton("ranRoutes", ran));
            system.context = run.run(system.arguments(settings));
            return system;
        } catch (RuntimeException | IOException e) {
            system.close();
            throw e;
        }
    }

    private String[] arguments(Map<String, String> settings) {
        var all = new LinkedHashMap<>(CommandSettings.NOTHING_OUTSIDE);
        // Not set, it would be that of AWS.
        all.put("eventbridge.endpoint", standIn.url() + "/eventbridge");
        all.putAll(settings);
        all.putAll(Map.of(
                "routes.dir", routes().toString(),
                "data.dir", folder.resolve("data").toString(),
                "server.port", "0",
                "server.address", "127.0.0.1",
                "management.server.port", "0",
                "management.server.address", "127.0.0.1",
                "start-banner", "false",
                "stand-in", standIn.url(),
                "logging.config", "classpath:dev/voiceai/cases/logback.xml",
                "logging.file.name", log().toString()));
        return CommandSettings.arguments(all);
    }

    /** The copy of the routes that runs. */
    Path routes() {
        return folder.resolve("routes");
    }

    private Path log() {
        return folder.resolve("system.log");
    }

    /** The size of the log by now. */
    long logged() throws IOException {
        return Files.exists(log()) ? Files.size(log()) : 0;
    }

    /** The warnings and errors since the log had a size. */
    List<String> loggedSince(long size) throws IOException {
        byte[] all = Files.exists(log()) ? Files.readAllBytes(log()) : new byte[0];
        return new String(all, (int) size, all.length - (int) size, StandardCharsets.UTF_8).lines().toList();
    }

    StandIn standIn() {
        return standIn;
    }

    /** A setting as it came out; null where there is none of the name. */
    String setting(String name) {
        return context.getEnvironment().getProperty(name);
    }

    /** The files of the routes by the routes' ids. */
    Map<String, String> fileOfRoutes() {
        var files = new TreeMap<String, String>();
        ((ModelCamelContext) context.getBean(CamelContext.class)).getRouteDefinitions().stream()
                .filter(route -> route.getResource() != null)
                .forEach(route -> files.put(route.getRouteId(), Path.of(route.getResource().getURI()).getFileName().toString()));
        return files;
    }

    // --- HTTP ---

    /**
     * Sends a request.
     *
     * @param to {@code api}, {@code management} or {@code retell}
     * @param as a role whose key is sent; null for none
     */
    HttpResponse<String> send(String method, String to, String path, String as, Map<String, String> headers, String body) {
        URI base = URI.create(switch (to) {
            case "management" -> "http://127.0.0.1:" + setting("local.management.port");
            case "retell" -> setting("retell.base-url");
            default -> "http://127.0.0.1:" + setting("local.server.port");
        });
        var request = HttpRequest.newBuilder(base.resolve(path)).timeout(LONGEST_ANSWER)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (to.equals("retell")) {
            request.header("Authorization", "Bearer " + setting("retell.api-key"));
        } else if (as != null) {
            request.header("X-API-Key", setting("api-keys." + as).split(",")[0].split(":", 2)[1]);
        }
        headers.forEach(request::setHeader);
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The signature header of Retell, made with the key of the webhooks. */
    Map<String, String> signature(String body) {
        String key = setting("retell.webhook-keys").split(",")[0];
        return Map.of(RetellSignature.HEADER, RetellSignature.sign(body.getBytes(StandardCharsets.UTF_8), key, Instant.now()));
    }

    // --- What is inside ---

    /** @param queue {@code call-requests} or {@code call-events} */
    void sendMessage(String queue, String body) {
        context.getBean(SqsClient.class).sendMessage(message -> message
                .queueUrl(setting("queues." + queue + "-url")).messageBody(body));
    }

    /** @param store {@code ledger} or {@code warehouse} */
    JdbcClient store(String store) {
        return JdbcClient.create(context.getBean(store, DataSource.class));
    }

    /** The rows of a query, with column names in lower case. */
    JsonNode rows(String store, String sql) {
        var rows = new ArrayList<Map<String, Object>>();
        store(store).sql(sql).query().listOfRows().forEach(found -> {
            var row = new LinkedHashMap<String, Object>();
            found.forEach((column, value) -> row.put(column.toLowerCase(), value instanceof Number ? value : text(value)));
            rows.add(row);
        });
        return JSON.valueToTree(rows);
    }

    private static Object text(Object value) {
        return value == null || value instanceof Boolean ? value : value.toString();
    }

    @Override
    public void close() {
        try {
            if (context != null) {
                context.close();
            }
            standIn.close();
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
