package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.faults.EventScript.Told;
import dev.voiceai.forwarder.RetellSignature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Retell's end of the webhooks: what is not answered with 204 is signed and sent again. Retell itself gives up after the
 * third repeat; this one goes on, so that what is missing in the end was lost by the application.
 */
final class WebhookPosts implements AutoCloseable {
    private static final int CONNECTIONS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(250);

    private final URI target;
    private final Consumer<Told> beforehand;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2)).build();
    private final ExecutorService senders = Executors.newFixedThreadPool(CONNECTIONS);
    private final AtomicInteger tries = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();

    /** @param beforehand what happens at Retell before it tells of it */
    WebhookPosts(URI application, Consumer<Told> beforehand) {
        target = application.resolve("/webhooks/retell");
        this.beforehand = beforehand;
    }

    /** Sends lists side by side, the events of one list one after the other, and returns when all have been taken. */
    void send(List<List<Told>> lists) throws InterruptedException {
        send(lists, Set.of());
    }

    /** @param lost what happens at Retell and is never told */
    void send(List<List<Told>> lists, Set<Told> lost) throws InterruptedException {
        List<Future<?>> sent = lists.stream()
                .<Future<?>>map(list -> senders.submit(() -> list.forEach(told -> tell(told, lost.contains(told)))))
                .toList();
        for (Future<?> one : sent) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a webhook was never taken", e.getCause());
            }
        }
    }

    private void tell(Told told, boolean lost) {
        beforehand.accept(told);
        if (!lost) {
            await(told.event()).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(BETWEEN_TRIES).until(() -> isTaken(told));
            taken.incrementAndGet();
        }
    }

    private boolean isTaken(Told told) throws InterruptedException {
        var body = told.bytes();
        var request = HttpRequest.newBuilder(target)
                .timeout(Duration.ofSeconds(15))
                .header("Content-Type", "application/json")
                .header(RetellSignature.HEADER, RetellSignature.sign(body, RetellStub.KEY, Instant.now()))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        tries.incrementAndGet();
        try {
            int status = http.send(request, BodyHandlers.discarding()).statusCode();
            assertThat(status).as("a signed webhook").satisfiesAnyOf(
                    taken -> assertThat(taken).isEqualTo(204), failed -> assertThat(failed).isGreaterThanOrEqualTo(500));
            return status == 204;
        } catch (IOException down) {
            return false;
        }
    }

    /** How often anything was sent. */
    int tries() {
        return tries.get();
    }

    /** How many have been answered with 204. */
    int taken() {
        return taken.get();
    }

    @Override
    public void close() {
        senders.shutdownNow();
        try {
            assertThat(senders.awaitTermination(1, TimeUnit.MINUTES)).as("the last posts end").isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
