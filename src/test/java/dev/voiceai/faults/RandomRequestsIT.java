package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.VoiceAiApplication;
import dev.voiceai.faults.History.Accepted;
import dev.voiceai.faults.History.Limits;
import dev.voiceai.ledger.LedgerClock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Thousands of random requests over three days that pass in minutes: the clock jumps to the next moment at which
 * something is due, as soon as nothing is left to do before it.
 */
@ExtendWith(FaultTable.class)
class RandomRequestsIT {
    private static final Instant START = Instant.parse("2026-11-02T06:00:00Z");
    private static final Duration DAYS = Duration.ofDays(3);
    /** Moments closer to each other than this are reached in one jump. */
    private static final Duration STEP = Duration.ofMinutes(Size.of(180, 30));
    private static final Limits LIMITS = new Limits(40, 100, 500, 8, 20);
    private static final Map<DialAnswer, Integer> ANSWERS = Map.of(
            DialAnswer.PLACED, 30, DialAnswer.LOST, 1, DialAnswer.FAILED_PLACED, 1, DialAnswer.FAILED, 1,
            DialAnswer.BROKEN, 1, DialAnswer.LIMITED, 4, DialAnswer.LIMITED_UNTIL, 1, DialAnswer.INVALID, 1);
    /** Area codes and where they are. */
    private static final List<String[]> PLACES = List.of(
            new String[] {"206", "America/Los_Angeles"}, new String[] {"303", "America/Denver"},
            new String[] {"312", "America/Chicago"}, new String[] {"212", "America/New_York"});
    /** What no jump may pass over, and when the next thing is due. */
    private static final String AT_WORK = """
            SELECT (SELECT COUNT(*) FROM request WHERE state IN ('accepted', 'queued'))
                + (SELECT COUNT(*) FROM request WHERE state = 'held' AND due_at IS NULL AND reason_code = 'capacity')
                + (SELECT COUNT(*) FROM request WHERE state IN ('scheduled', 'held') AND due_at <= ?)
                + (SELECT COUNT(*) FROM request WHERE state IN ('scheduled', 'held') AND expires_at <= ?)
                + (SELECT COUNT(*) FROM attempt WHERE state = 'unknown' AND next_lookup_at <= ?)
                + (SELECT COUNT(*) FROM attempt WHERE state IN ('dialing', 'dialed', 'in_progress', 'ended'))
            """;
    private static final String NEXT_DUE = """
            SELECT MIN(t.due) FROM (
                SELECT MIN(due_at) AS due FROM request WHERE state IN ('scheduled', 'held')
                UNION ALL SELECT MIN(expires_at) FROM request WHERE state IN ('scheduled', 'held')
                UNION ALL SELECT MIN(next_lookup_at) FROM attempt WHERE state = 'unknown') t
            """;

    @TempDir
    Path folder;

    private final long seed = Size.seed();
    private final Random random = new Random(seed);
    private final FakeClock clock = new FakeClock(START);
    private final int requests = Size.of(80, 10_000);
    /** Who must not be called, and from when. */
    private final Map<String, Instant> forbidden = new ConcurrentHashMap<>();
    /** The number of each request. */
    private final Map<String, String> numbers = new ConcurrentHashMap<>();
    private JdbcClient ledger;
    private Api api;

    @Test
    void everyRequestOfThreeDaysIsAnsweredAndNobodyIsCalledWhoMustNotBe() throws Exception {
        System.out.println("Faults: random requests, seed " + seed);
        try (var retell = new RetellStub(seed, clock, LIMITS.concurrency(), Duration.ofSeconds(2));
                var abt = new AbtStub();
                var sqs = new SharedSqs();
                var context = start(retell, abt, sqs)) {
            var address = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
            api = new Api(List.of(address));
            ledger = JdbcClient.create(context.getBean("ledger", DataSource.class));
            retell.sendWebhooksTo(List.of(address));
            retell.answer(ANSWERS);
            var people = people();
            forbid(people.subList(0, people.size() / 20));

            var accepted = inParallel(IntStream.range(0, requests)
                    .mapToObj(i -> request(people.get(random.nextInt(people.size())), new Random(random.nextLong())))
                    .toList());
            // Some ask not to be called when their calls are planned already.
            forbid(people.subList(people.size() / 20, people.size() / 10));
            passTime();
            accepted = accepted.stream().map(this::withMark).toList();

            var views = FaultRun.settled(api, accepted, Duration.ofMinutes(2));
            var verdict = FaultRun.verdict(accepted, views, retell, abt, LIMITS);
            FaultTable.add("random requests", seed, 0, verdict);
            assertThat(verdict.violations()).as("seed %d", seed).isEmpty();
        }
    }

    private ConfigurableApplicationContext start(RetellStub retell, AbtStub abt, SharedSqs sqs) {
        var settings = new HashMap<>(FaultRun.fastSettings());
        settings.putAll(Map.of(
                "server.port", "0", "server.address", "127.0.0.1",
                "management.server.port", "0", "management.server.address", "127.0.0.1",
                "data.dir", folder.toString(),
                "retell.base-url", retell.url(),
                "retell.dial-timeout", "PT2S",
                "abt.url", abt.url(),
                "sqs.endpoint", sqs.url(),
                "warehouse.flush-interval", "PT5S"));
        settings.put("retell.concurrency", String.valueOf(LIMITS.concurrency()));
        settings.put("retell.calls-per-second", String.valueOf(LIMITS.callsPerSecond()));
        settings.put("calling.windows", "08:00-20:00");
        // Webhooks get lost, and the moment to ask must not be far.
        settings.put("reconcile.silent-after", "PT2S");
        var application = new SpringApplication(VoiceAiApplication.class);
        application.setRegisterShutdownHook(false);
        application.addInitializers(context -> ((GenericApplicationContext) context)
                .registerBean("clock", LedgerClock.class, () -> new LedgerClock(clock)));
        return application.run(settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new));
    }

    private record Person(String number, String zone) {}

    /** A quarter as many as requests, so that some are asked for at the same time. */
    private List<Person> people() {
        return IntStream.range(0, requests / 4)
                .mapToObj(i -> {
                    var place = PLACES.get(i % PLACES.size());
                    return new Person("+1" + place[0] + "555" + (1000 + i / PLACES.size()), place[1]);
                })
                .toList();
    }

    private Callable<Accepted> request(Person person, Random random) {
        return () -> {
            var call = Api.call(person.number());
            Instant notBefore = clock.instant();
            if (random.nextInt(10) < 7) {
                notBefore = START.plusSeconds(3_600 + random.nextLong(DAYS.toSeconds()));
                call.put("not_before", notBefore.toString());
            }
            Instant expiresAt = null;
            if (random.nextInt(10) < 4) {
                expiresAt = notBefore.plusSeconds(1_800 + random.nextLong(Duration.ofHours(20).toSeconds())).truncatedTo(ChronoUnit.MILLIS);
                call.put("expires_at", expiresAt.toString());
            }
            if (random.nextBoolean()) {
                call.put("timezone", person.zone());
            }
            var requestId = api.requestCall(call);
            numbers.put(requestId, person.number());
            var accepted = Accepted.of(requestId).in(person.zone()).expiring(expiresAt);
            return random.nextInt(10) == 0 && api.cancel(requestId) ? accepted.cancelled(clock.instant()) : accepted;
        };
    }

    private Accepted withMark(Accepted request) {
        var from = forbidden.get(numbers.get(request.requestId()));
        return from == null ? request : request.doNotCall(from);
    }

    private void forbid(List<Person> people) {
        for (Person person : people) {
            var now = clock.instant().atOffset(ZoneOffset.UTC);
            ledger.sql("INSERT INTO person (number, created_at, updated_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                    .params(person.number(), now, now).update();
            ledger.sql("UPDATE person SET do_not_call = TRUE WHERE number = ?").param(person.number()).update();
            forbidden.put(person.number(), clock.instant());
        }
    }

    private static <T> List<T> inParallel(List<Callable<T>> work) throws Exception {
        var callers = Executors.newFixedThreadPool(8);
        try {
            var results = new ArrayList<T>();
            for (Future<T> result : callers.invokeAll(work)) {
                results.add(result.get());
            }
            return results;
        } finally {
            callers.shutdownNow();
        }
    }

    /** Jumps from one moment to the next until nothing is due any more. */
    private void passTime() {
        while (true) {
            await("rest at " + clock.instant()).atMost(Duration.ofMinutes(10)).pollInterval(Duration.ofMillis(50)).until(this::isAtRest);
            var due = ledger.sql(NEXT_DUE).query(OffsetDateTime.class).optional().orElse(null);
            if (due == null) {
                return;
            }
            var step = STEP.toSeconds();
            clock.jumpTo(Instant.ofEpochSecond((due.toInstant().getEpochSecond() / step + 1) * step));
        }
    }

    private boolean isAtRest() {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        return ledger.sql(AT_WORK).params(now, now, now).query(Long.class).single() == 0;
    }
}
