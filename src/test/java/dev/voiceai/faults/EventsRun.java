package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.faults.EventScript.Told;
import dev.voiceai.faults.History.Event;
import dev.voiceai.system.ForeignSqs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.springframework.util.FileSystemUtils;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The packaged application on a copy of a data folder, from its start until all that came is settled and it has stopped. */
final class EventsRun implements AutoCloseable {
    /** How long the queue may stand still. */
    private static final Duration MOVES_WITHIN = Duration.ofMinutes(1);
    private static final Duration DELIVERED_WITHIN = Duration.ofMinutes(Size.of(1, 5));
    /** Some flushes of the warehouse. */
    private static final Duration FLUSHES = Duration.ofSeconds(1);
    /** A lease that a killed process has left, at most. */
    private static final Duration LEASE = Duration.ofSeconds(5);

    final AbtStub abt = new AbtStub();
    final Replica replica;
    final WebhookPosts posts;
    /** Null when the application runs its own. */
    final SqsOnDisk sqs;
    int kills;

    private final Path folder;
    private final int sqsPort;
    private final SqsClient client;
    private final List<Event> earlier;
    private int messages;

    /**
     * @param prepared the data folder to go on from; null begins with nothing
     * @param earlier what the collector had got before
     * @param more settings of this run
     */
    EventsRun(Path folder, Path prepared, List<Event> earlier, RetellStub retell, Path routes, boolean ownSqs,
            Consumer<Told> beforehand, Map<String, String> more) throws IOException {
        this.folder = folder;
        this.earlier = earlier;
        if (prepared != null) {
            FileSystemUtils.copyRecursively(prepared, folder.resolve("data"));
        }
        sqs = ownSqs ? null : new SqsOnDisk(folder.resolve("sqs"));
        sqsPort = ownSqs ? Replica.freePort() : sqs.port();
        var settings = new HashMap<>(settings(retell, routes));
        settings.put("abt.url", abt.url());
        settings.put(ownSqs ? "elasticmq.port" : "sqs.endpoint", ownSqs ? String.valueOf(sqsPort) : sqsUri().toString());
        settings.putAll(more);
        replica = Size.full() ? new Replica(folder, settings, List.of("-Xmx1g")) : new Replica(folder, settings);
        posts = new WebhookPosts(replica.uri(), beforehand);
        client = ForeignSqs.client(sqsUri().toString());
    }

    private static Map<String, String> settings(RetellStub retell, Path routes) {
        var settings = new HashMap<>(FaultRun.fastSettings());
        settings.put("routes.dir", routes.toString());
        settings.put("retell.base-url", retell.url());
        settings.put("retell.concurrency", "10000");
        settings.put("retell.calls-per-second", "1000");
        settings.put("queues.visibility-seconds", "20");
        settings.put("warehouse.flush-interval", "PT0.2S");
        settings.put("warehouse.lease", LEASE.toString());
        // Nobody is asked about a silent call unless the run says so; and one that ends is over, whatever it ended for.
        settings.put("reconcile.silent-after", "PT1H");
        settings.put("policy.concurrency_limit_reached.attempts", "1");
        return settings;
    }

    /** A copy of the route files in which what a killed process has leased is free again after seconds. */
    static void copyRoutes(Path to) throws IOException {
        FileSystemUtils.copyRecursively(Path.of("routes"), to);
        var outbox = to.resolve("outbox.camel.yaml");
        var text = Files.readString(outbox);
        var quick = text.replaceAll("(name: lease\\s+expression:\\s+constant:\\s+expression: )PT\\d+S", "$1" + LEASE);
        assertThat(quick).as("leases of " + outbox).isNotEqualTo(text);
        Files.writeString(outbox, quick);
    }

    void start() {
        if (sqs != null) {
            sqs.start();
        }
        replica.start();
        replica.awaitReady();
    }

    private URI sqsUri() {
        return URI.create("http://127.0.0.1:" + sqsPort);
    }

    /** SIGKILL, and a new start. */
    void killApplication() {
        replica.kill();
        kills++;
        replica.start();
        replica.awaitReady();
    }

    /** SIGKILL, and a new start. */
    void killSqs() throws InterruptedException {
        sqs.kill();
        kills++;
        sqs.start();
    }

    LateMessages lateMessages() {
        return new LateMessages(sqsUri(), queueUrl("call-events"));
    }

    void sent(int more) {
        messages += more;
    }

    /** How often anything was sent to the application. */
    int deliveries() {
        return posts.tries() + messages;
    }

    List<Event> events() {
        return Stream.concat(earlier.stream(), abt.events().stream()).toList();
    }

    /** Waits as long as the collector gets more of these events; the checker tells which it did not get. */
    void awaitEvents(Set<String> ids) {
        try {
            for (int missing = missing(ids).size(); missing > 0; missing = missing(ids).size()) {
                int before = missing;
                await().atMost(MOVES_WITHIN).pollInterval(Duration.ofMillis(100)).until(() -> missing(ids).size() < before);
            }
        } catch (ConditionTimeoutException noMore) {
            System.out.println("Faults: " + missing(ids).size() + " of " + ids.size() + " activity events did not come");
        }
    }

    private Set<String> missing(Set<String> ids) {
        var missing = new HashSet<>(ids);
        missing.removeAll(events().stream().map(Event::id).collect(Collectors.toSet()));
        return missing;
    }

    void awaitEmptyQueue() {
        awaitEmpty("call-events");
    }

    private void awaitEmpty(String queue) {
        for (long left = messagesIn(queue); left > 0; left = messagesIn(queue)) {
            long before = left;
            await(left + " messages in " + queue + ", and fewer").atMost(MOVES_WITHIN).pollInterval(Duration.ofMillis(100))
                    .until(() -> messagesIn(queue) < before);
        }
    }

    private String queueUrl(String queue) {
        return client.getQueueUrl(request -> request.queueName(queue)).queueUrl();
    }

    private long messagesIn(String queue) {
        var counts = List.of(
                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);
        return client.getQueueAttributes(request -> request.queueUrl(queueUrl(queue)).attributeNames(counts))
                .attributes().values().stream().mapToLong(Long::parseLong).sum();
    }

    /** Stops the application when all has come to rest, and reads what it leaves. */
    Facts end() {
        awaitEmptyQueue();
        // A request that is queued for long gets a second message, which may still wait when the call is long placed.
        awaitEmpty("call-requests");
        var leftOver = new TreeMap<String, Long>();
        for (String queue : List.of("call-requests", "call-requests-dlq", "call-events-dlq")) {
            leftOver.put("messages in " + queue, messagesIn(queue));
        }
        pass(FLUSHES);
        replica.stop();
        // What waited for the lease of a process that died has its time.
        for (int again = 0; again < 5 && outbox().get("pending") > 0; again++) {
            replica.start();
            replica.awaitReady();
            pass(LEASE.plus(FLUSHES));
            replica.stop();
        }
        outbox().forEach((state, count) -> leftOver.put("rows of the outbox " + state, count));
        return new Facts(StoredTable.read(replica.dataFolder()), events(), leftOver);
    }

    private Map<String, Long> outbox() {
        var states = StoredTable.outbox(replica.dataFolder());
        states.remove("delivered");
        states.putIfAbsent("pending", 0L);
        return states;
    }

    /** Closes it and keeps nothing. */
    void forget() throws IOException {
        close();
        FileSystemUtils.deleteRecursively(folder);
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(30)).until(() -> true);
    }

    @Override
    public void close() {
        posts.close();
        replica.close();
        if (sqs != null) {
            sqs.close();
        }
        client.close();
        abt.close();
    }
}
