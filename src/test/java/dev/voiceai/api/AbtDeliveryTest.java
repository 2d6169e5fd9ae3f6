package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.system.RunningSystem;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay against a collector that fails in every way; the events are written as {@code append-outbox} does. */
class AbtDeliveryTest {
    private static Stub collector;
    private static RunningSystem system;

    @BeforeAll
    static void start() {
        collector = new Stub();
        system = RunningSystem.start(Map.of("abt.url", collector.url() + "/events", "abt.attempts-before-parking", "3"));
    }

    @AfterAll
    static void stop() {
        system.close();
        collector.close();
    }

    @AfterEach
    void takeEverything() {
        collector.answer(request -> Stub.Answer.of(202));
        redriveAll();
        await().atMost(RunningSystem.PATIENCE).until(() -> rows("state <> 'delivered'") == 0);
    }

    @Test
    void aStreamWhoseEventHangsDelaysNoOther() {
        var hanging = write(3);
        var goOn = new CountDownLatch(1);
        collector.answer(request -> {
            if (subject(request).equals(hanging)) {
                await().atMost(RunningSystem.PATIENCE).until(() -> goOn.getCount() == 0);
            }
            return Stub.Answer.of(202);
        });
        try {
            await().atMost(RunningSystem.PATIENCE).until(() -> arrived(hanging).size() == 1);
            var others = IntStream.range(0, 20).mapToObj(i -> write(3)).toList();

            await().atMost(Duration.ofSeconds(5)).until(() -> others.stream().allMatch(AbtDeliveryTest::isDelivered));

            others.forEach(other -> assertThat(arrived(other)).containsExactly(other + "#1", other + "#2", other + "#3"));
            assertThat(arrived(hanging)).as("no time-out has passed yet").hasSize(1);
        } finally {
            goOn.countDown();
        }
        await().atMost(RunningSystem.PATIENCE).until(() -> isDelivered(hanging));
        assertThat(firstArrivals(hanging)).containsExactly(hanging + "#1", hanging + "#2", hanging + "#3");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 401, 302, 0})
    void aCollectorThatTakesNothingParksNothingHoweverOftenItFails(int status) {
        var down = new AtomicInteger(1);
        collector.answer(request -> Stub.Answer.of(down.get() == 1 ? status : 202));
        var streams = Stream.generate(() -> write(2)).limit(3).toList();

        await().atMost(RunningSystem.PATIENCE).until(() -> streams.stream()
                .allMatch(stream -> rows("stream = '" + stream + "' AND attempts >= 3") == 1));
        assertThat(rows("state = 'parked'")).isZero();
        assertThat(streams).allSatisfy(stream -> assertThat(firstArrivals(stream)).containsExactly(stream + "#1"));

        down.set(0);
        await().atMost(RunningSystem.PATIENCE).until(() -> streams.stream().allMatch(AbtDeliveryTest::isDelivered));
        assertThat(streams).allSatisfy(stream -> assertThat(firstArrivals(stream)).containsExactly(stream + "#1", stream + "#2"));
    }

    @Test
    void anAnswerThatIsLostLosesAndDoublesNothing() {
        var posts = new AtomicInteger();
        var firstTries = new AtomicInteger();
        var taken = ConcurrentHashMap.<String>newKeySet();
        collector.answer(request -> {
            posts.incrementAndGet();
            // Not of the same event again and again, for that would make it poison.
            boolean lost = taken.add(request.json().get("id").asText()) && firstTries.incrementAndGet() % 3 == 0;
            return Stub.Answer.of(lost ? 0 : 202);
        });

        var streams = Stream.generate(() -> write(4)).limit(10).toList();

        await().atMost(RunningSystem.PATIENCE).until(() -> streams.stream().allMatch(AbtDeliveryTest::isDelivered));
        assertThat(taken).hasSize(40);
        assertThat(posts.get()).isEqualTo(53);
        assertThat(streams).allSatisfy(stream ->
                assertThat(firstArrivals(stream)).containsExactly(stream + "#1", stream + "#2", stream + "#3", stream + "#4"));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 500})
    void aPoisonEventIsParkedAndGoesOnInOrderWhenItIsSentAgain(int status) {
        var poison = write(3);
        var healed = ConcurrentHashMap.<String>newKeySet();
        collector.answer(request -> Stub.Answer.of(
                subject(request).equals(poison) && request.json().get("id").asText().endsWith("#2") && healed.isEmpty() ? status : 202));

        await().atMost(RunningSystem.PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            var healthy = write(1);
            await().atMost(RunningSystem.PATIENCE).until(() -> isDelivered(healthy));
            return rows("stream = '" + poison + "' AND state = 'parked'") == 1;
        });
        assertThat(arrived(poison)).startsWith(poison + "#1", poison + "#2").doesNotContain(poison + "#3");
        assertThat(arrived(poison).stream().filter(id -> id.endsWith("#2"))).hasSizeBetween(3, 6);

        healed.add("yes");
        redriveAll();

        await().atMost(RunningSystem.PATIENCE).until(() -> isDelivered(poison));
        assertThat(firstArrivals(poison)).containsExactly(poison + "#1", poison + "#2", poison + "#3");
    }

    @Test
    void anEventThatHasFailedForLongerThanAnyOutageIsParkedWhateverTheReason() {
        collector.answer(request -> Stub.Answer.of(500));
        var stream = write(1);
        await().atMost(RunningSystem.PATIENCE).until(() -> rows("stream = '" + stream + "' AND failed_since IS NOT NULL") == 1);

        system.ledger().sql("UPDATE outbox SET failed_since = ? WHERE stream = ?")
                .params(OffsetDateTime.now().minusDays(8), stream).update();

        await().atMost(RunningSystem.PATIENCE).until(() -> rows("stream = '" + stream + "' AND state = 'parked'") == 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void aCollectorThatAsksToWaitIsLeftAloneForSoLong(int status) {
        var asked = ConcurrentHashMap.<String>newKeySet();
        collector.answer(request -> asked.add(subject(request))
                ? new Stub.Answer(status, "", Map.of("Retry-After", "5"))
                : Stub.Answer.of(202));
        var before = OffsetDateTime.now();

        var stream = write(1);

        await().atMost(RunningSystem.PATIENCE).until(() -> rows("stream = '" + stream + "' AND attempts = 1") == 1);
        var dueAt = system.ledger().sql("SELECT due_at FROM outbox WHERE stream = ?").param(stream).query(OffsetDateTime.class).single();
        assertThat(dueAt).isAfter(before.plusSeconds(4)).isBefore(OffsetDateTime.now().plusSeconds(6));
        await().atMost(RunningSystem.PATIENCE).until(() -> isDelivered(stream));
        assertThat(arrived(stream)).hasSize(2);
    }

    /** A new stream with so many events, whose ids end in their place. */
    private static String write(int events) {
        var stream = UUID.randomUUID().toString();
        var now = OffsetDateTime.now();
        system.ledger().sql("INSERT INTO stream (stream, last_seq) VALUES (?, ?)").params(stream, events).update();
        for (int i = 1; i <= events; i++) {
            system.ledger()
                    .sql("INSERT INTO outbox (id, sink, stream, seq, kind, payload, due_at, created_at) VALUES (?, 'abt', ?, ?, 'test', ?, ?, ?)")
                    .params(UUID.randomUUID().toString(), stream, i,
                            "{\"id\": \"" + stream + "#" + i + "\", \"subject\": \"" + stream + "\"}", now, now)
                    .update();
        }
        return stream;
    }

    private static String subject(Stub.Request request) {
        return request.json().get("subject").asText();
    }

    private static boolean isDelivered(String stream) {
        return rows("stream = '" + stream + "' AND state <> 'delivered'") == 0;
    }

    private static long rows(String condition) {
        return system.ledger().sql("SELECT COUNT(*) FROM outbox WHERE sink = 'abt' AND " + condition).query(Long.class).single();
    }

    /** The ids that the collector got of a stream, repeats included. */
    private static List<String> arrived(String stream) {
        return collector.requests().stream()
                .filter(request -> subject(request).equals(stream))
                .map(request -> request.json().get("id").asText())
                .toList();
    }

    private static Set<String> firstArrivals(String stream) {
        return new LinkedHashSet<>(arrived(stream));
    }

    private static void redriveAll() {
        var answer = system.post("/api/v1/dead-letters/redrive", "operator", "{\"sink\": \"abt\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
