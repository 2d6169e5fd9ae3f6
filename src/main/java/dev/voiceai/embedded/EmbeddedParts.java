package dev.voiceai.embedded;

import static dev.voiceai.settings.RequiredSettings.hasQueueUrl;
import static dev.voiceai.settings.RequiredSettings.isSet;

import dev.voiceai.forwarder.AwsCredentials;
import dev.voiceai.forwarder.ForwarderHandler;
import dev.voiceai.forwarder.QueueSender;
import dev.voiceai.forwarder.QueueSettings;
import dev.voiceai.sandbox.RetellSandbox;
import dev.voiceai.sandbox.SandboxSettings;
import dev.voiceai.sqs.AwsSettings;
import dev.voiceai.sqs.QueueClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** The stand-ins of one application. */
final class EmbeddedParts implements ApplicationListener<ApplicationEvent>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedParts.class);
    private static final String SANDBOX_NUMBER = "+14155550100";
    private static final String SANDBOX_AGENT = "agent_sandbox";
    /** Calls a second that the sandbox takes: so many that only {@code RETELL_CALLS_PER_SECOND} limits. */
    private static final int SANDBOX_RATE = 100;
    private static final String FUNCTION = "retell-webhook-forwarder";

    private final ConfigurableApplicationContext context;
    private final Environment environment;
    /** What the parts add to the application's settings. */
    private final Map<String, Object> settings;
    private final StartBanner banner;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    /** The application's own address, from the moment its routes run. */
    private final AtomicReference<URI> ready = new AtomicReference<>();
    private CompletableFuture<ElasticMq> sqs = CompletableFuture.completedFuture(null);

    EmbeddedParts(ConfigurableApplicationContext context, Map<String, Object> settings) {
        this.context = context;
        this.environment = context.getEnvironment();
        this.settings = settings;
        this.banner = new StartBanner(environment, settings);
    }

    void start() {
        var folder = keep(DataFolder.open(Path.of(environment.getRequiredProperty("data.dir"))));
        var keys = GeneratedKeys.in(folder);
        if (!isSet(environment, "sqs.endpoint") && !hasQueueUrl(environment)) {
            startSqs(folder);
        }
        if (!isSet(environment, "api-keys.file")) {
            for (String role : List.of("engage", "business", "operator")) {
                setIfAbsent("api-keys." + role, () -> role + ":" + generated(keys, role));
            }
        }
        setIfAbsent("privacy.reveal-keys", () -> names(environment.getRequiredProperty("api-keys.operator")));
        // Not shown at the start: nobody sends it.
        setIfAbsent("privacy.hash-key", () -> keys.key("privacy"));
        // A transaction waits 10 s for a row, as a repeat does for the first request; H2's own 2 s are short on a busy machine.
        setIfAbsent("ledger.url", () -> h2(folder, "ledger", "MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;LOCK_TIMEOUT=10000"));
        setIfAbsent("warehouse.url", () -> h2(folder, "warehouse", "NON_KEYWORDS=VALUE"));
        setIfAbsent("abt.url", () -> keep(AbtCollector.start(folder)).uri().toString());
        if (!isSet(environment, "forwarder.function")) {
            var endpoint = keep(InvokeEndpoint.start(FUNCTION, forwarder()));
            settings.put("forwarder.function", FUNCTION);
            settings.put("lambda.endpoint", endpoint.uri().toString());
        }
        startRetell(folder, keys);
    }

    /** Starts beside the rest of the application: on two processors that hides most of the time it takes. */
    private void startSqs(DataFolder folder) {
        int port = environment.getRequiredProperty("elasticmq.port", Integer.class);
        int chosen = port == 0 ? freePort() : port;
        sqs = CompletableFuture.supplyAsync(
                () -> ElasticMq.start(chosen, folder.resolve("sqs")),
                task -> new Thread(task, "embedded-sqs-start").start());
        settings.put("sqs.endpoint", ElasticMq.uri(chosen).toString());
        // Nobody else reads these queues, so a stop need not wait for polls that are under way.
        settings.put("sqs.shared", false);
    }

    /** Chosen before the server starts, since the settings are needed before it has. */
    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String h2(DataFolder folder, String name, String options) {
        return "jdbc:h2:file:" + folder.resolve(name) + ";" + options + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
    }

    /** The same class that AWS Lambda runs, with the application's own keys and queue. */
    private ForwarderHandler forwarder() {
        var clock = Clock.systemUTC();
        return new ForwarderHandler(this::webhookKeys, new QueueSender(this::eventsQueue, clock), clock);
    }

    private Collection<String> webhookKeys() {
        return List.of(StringUtils.tokenizeToStringArray(environment.getProperty("retell.webhook-keys"), ","));
    }

    private QueueSettings eventsQueue() {
        var aws = context.getBean(AwsSettings.class);
        var credentials = aws.credentials().resolveCredentials();
        String token = credentials instanceof AwsSessionCredentials session ? session.sessionToken() : null;
        return new QueueSettings(
                aws.sqsEndpoint(),
                aws.region().id(),
                new AwsCredentials(credentials.accessKeyId(), credentials.secretAccessKey(), token),
                context.getBean(QueueClient.class).url(environment.getProperty("queues.call-events-url")));
    }

    private void startRetell(DataFolder folder, GeneratedKeys keys) {
        boolean sandbox = !isSet(environment, "retell.base-url") && !isSet(environment, "retell.api-key");
        boolean ownNumber = isSet(environment, "retell.api-key") && !isSet(environment, "retell.base-url");
        setIfAbsent("retell.api-key", () -> generated(keys, "retell"));
        if (!ownNumber) {
            setIfAbsent("retell.from-number", () -> SANDBOX_NUMBER);
            setIfAbsent("retell.agent-id", () -> SANDBOX_AGENT);
        }
        if (sandbox) {
            // No phone rings, so there is no hour at which it must not.
            setIfAbsent("calling.windows", () -> "always");
            settings.put("retell.base-url", startSandbox(folder).toString());
        }
    }

    /** Events of calls that run on from before a restart wait until the application can take them. */
    private URI startSandbox(DataFolder folder) {
        String key = environment.getRequiredProperty("retell.api-key");
        String webhookKeys = environment.getProperty("retell.webhook-keys");
        var sandbox = SandboxSettings.of(folder.resolve("sandbox"), key, () -> ownAddress("/webhooks/retell"))
                .withInboundUrl(() -> ownAddress("/retell/inbound"))
                .withKeys(Set.of(key), StringUtils.hasText(webhookKeys) ? webhookKeys.split(",")[0].strip() : key)
                .withLimits(environment.getRequiredProperty("retell.concurrency", Integer.class), SANDBOX_RATE);
        return keep(RetellSandbox.start(sandbox)).baseUri();
    }

    /** Null as long as the application does not answer there. */
    private URI ownAddress(String path) {
        URI address = ready.get();
        return address == null ? null : address.resolve(path);
    }

    /** Of {@code name:key,…}. */
    private static String names(String keys) {
        return keys.replaceAll(":[^,]*", "");
    }

    private String generated(GeneratedKeys keys, String holder) {
        String key = keys.key(holder);
        banner.generatedKey(holder, key);
        return key;
    }

    private void setIfAbsent(String property, Supplier<String> value) {
        if (!isSet(environment, property)) {
            settings.put(property, value.get());
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        started.push(part);
        return part;
    }

    /** Waits for the part that started beside the application; fails with its failure. */
    void awaitSqs() {
        sqs.join();
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event instanceof ApplicationReadyEvent && context instanceof WebServerApplicationContext web) {
            int port = web.getWebServer().getPort();
            ready.set(URI.create("http://127.0.0.1:" + port));
            if (environment.getProperty("start-banner", Boolean.class, true)) {
                // Not a log line: it shows keys, and only at the terminal of somebody who set none.
                System.out.print(banner.text(port));
                System.out.flush();
            }
        } else if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == context) {
            // Webhooks of the sandbox wait for the next start instead of running against a closed door.
            ready.set(null);
        }
    }

    /** Stops them in the reverse order of their start; one that fails to stop does not keep the others running. */
    @Override
    public void close() {
        sqs.thenAccept(part -> {
            if (part != null) {
                stop(part);
            }
        }).exceptionally(failedToStart -> null).join();
        while (!started.isEmpty()) {
            stop(started.pop());
        }
    }

    private static void stop(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("{} did not stop cleanly", part.getClass().getSimpleName(), e);
        }
    }
}
