package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.api.Link;
import dev.voiceai.faults.History.Accepted;
import dev.voiceai.faults.History.Limits;
import dev.voiceai.faults.History.View;
import dev.voiceai.system.Postgres;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * One scenario: the packaged application in one process or several, everything outside it owned by the suite, and at the
 * end a history that keeps every promise.
 */
final class FaultRun implements AutoCloseable {
    private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(2);
    /** Longer than a lost answer takes to be given up, and than a machine needs for all that a hundred kills have held up. */
    private static final Duration SETTLES_WITHIN = Duration.ofMinutes(Size.of(3, 12));
    private static final Duration EVENTS_WITHIN = Duration.ofSeconds(60);
    private static final int FORBIDDEN_NUMBERS = 10;

    final String name;
    final long seed = Size.seed();
    final Random random = new Random(seed);
    final RetellStub retell;
    final AbtStub abt = new AbtStub();
    final Controller controller = new Controller();
    /** Null when the application runs its own. */
    final SharedSqs sqs;
    /** The network to the ledger; null when that is a file. */
    final Link ledgerLink;
    final List<Replica> replicas;
    final Traffic traffic;

    private final Path folder;
    private final Limits limits;
    private final DriverManagerDataSource ledger;
    private final Api api;
    private int kills;

    private FaultRun(String name, int processes, boolean ownSqs, Limits limits) throws Exception {
        this.name = name;
        this.limits = limits;
        System.out.println("Faults: " + name + ", seed " + seed);
        assertThat(Replica.JAR).as("the packaged application").exists();
        folder = Files.createDirectories(Path.of("target/faults").toAbsolutePath())
                .resolve(name.toLowerCase().replaceAll("[^a-z0-9]+", "-"));
        FileSystemUtils.deleteRecursively(folder);
        retell = new RetellStub(seed, Clock.systemUTC(), limits.concurrency(), DIAL_TIMEOUT);
        sqs = ownSqs ? null : new SharedSqs();
        InstrumentedRoutes.copy(Path.of("routes"), folder.resolve("routes"), controller.url());
        var settings = settings();
        if (processes > 1) {
            var postgres = Postgres.newLedger();
            var url = postgres.get("LEDGER_URL");
            ledgerLink = new Link(URI.create(url.substring("jdbc:".length())).getPort());
            settings.put("ledger.url", url.replaceFirst("//[^/]*/", "//127.0.0.1:" + ledgerLink.port() + "/"));
            settings.put("ledger.user", postgres.get("LEDGER_USER"));
            settings.put("ledger.password", postgres.get("LEDGER_PASSWORD"));
            ledger = new DriverManagerDataSource(url, postgres.get("LEDGER_USER"), postgres.get("LEDGER_PASSWORD"));
        } else {
            ledgerLink = null;
            ledger = null;
        }
        replicas = IntStream.range(0, processes).mapToObj(i -> new Replica(folder.resolve("replica-" + i), settings)).toList();
        controller.watch(replicas);
        var addresses = replicas.stream().map(Replica::uri).toList();
        retell.sendWebhooksTo(addresses);
        api = new Api(addresses);
        var forbidden = IntStream.range(0, FORBIDDEN_NUMBERS).mapToObj(i -> "+1415555" + (1000 + i)).toList();
        traffic = new Traffic(seed, api, forbidden, sqs);
        start(forbidden);
    }

    /** One process; its ledger is a file of its own. */
    static FaultRun onH2(String name, boolean ownSqs, Limits limits) throws Exception {
        return new FaultRun(name, 1, ownSqs, limits);
    }

    /** Three processes that share a PostgreSQL and an SQS. */
    static FaultRun onPostgres(String name, Limits limits) throws Exception {
        return new FaultRun(name, 3, false, limits);
    }

    private Map<String, String> settings() {
        var settings = new HashMap<>(fastSettings());
        settings.put("routes.dir", folder.resolve("routes").toString());
        // Some have steps of the suite's own, which no good folder has.
        settings.put("routes.check-at-start", "false");
        settings.put("retell.base-url", retell.url());
        settings.put("retell.dial-timeout", DIAL_TIMEOUT.toString());
        settings.put("retell.concurrency", String.valueOf(limits.concurrency()));
        settings.put("retell.calls-per-second", String.valueOf(limits.callsPerSecond()));
        settings.put("abt.url", abt.url());
        if (sqs != null) {
            settings.put("sqs.endpoint", sqs.url());
        }
        return settings;
    }

    /** What takes minutes in production takes seconds here. */
    static Map<String, String> fastSettings() {
        var settings = new HashMap<>(Api.KEYS);
        // The callers of a run share one key and ask without a pause.
        settings.put("rate-limit.per-caller", "0");
        settings.putAll(Map.of(
                "retell.api-key", RetellStub.KEY,
                "retell.webhook-keys", RetellStub.KEY,
                "retell.from-number", "+14155550100",
                "retell.agent-id", "agent_of_the_fault_suite",
                "retell.unknown-lookups", "PT0.5S,PT1.5S,PT4S",
                "reconcile.silent-after", "PT4S",
                "reconcile.period", "PT0.5S",
                "calling.windows", "always",
                "queues.visibility-seconds", "5",
                "queues.wait-seconds", "1"));
        settings.put("scheduler.queued-resend-after", "PT10S");
        for (String cause : List.of("rate_limited", "unreachable")) {
            settings.put("policy." + cause + ".attempts", "50");
            settings.put("policy." + cause + ".delays", "PT0.5S,PT1S");
        }
        return settings;
    }

    /** The first process makes the schema, and its clean end the archive that later starts share. */
    private void start(List<String> forbidden) {
        var first = replicas.get(0);
        first.start();
        first.awaitReady();
        first.stop();
        var source = ledger != null ? ledger : new DriverManagerDataSource(
                "jdbc:h2:file:" + first.dataFolder().resolve("ledger") + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE", "", "");
        forbid(JdbcClient.create(source), forbidden);
        replicas.forEach(Replica::start);
        replicas.forEach(Replica::awaitReady);
    }

    private static void forbid(JdbcClient ledger, List<String> numbers) {
        for (String number : numbers) {
            ledger.sql("INSERT INTO person (number, do_not_call, created_at, updated_at) VALUES (?, TRUE, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)")
                    .param(number)
                    .update();
        }
    }

    /** Kills the process that next comes to a point, and starts it again. */
    void killAt(KillPoint point) {
        var death = controller.arm(point, random.nextInt(3));
        await(point + " of " + name).atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(20)).until(death::isDone);
        kills++;
        var dead = death.join();
        dead.start();
        dead.awaitReady();
    }

    /** Stops and starts one process after the other. */
    void restartEach() {
        for (Replica replica : replicas) {
            replica.stop();
            replica.start();
            replica.awaitReady();
        }
    }

    /** Lets time pass while callers ask and the fault holds. */
    void goOnFor(Duration time) {
        var end = Instant.now().plus(time);
        await().atMost(time.plusSeconds(30)).pollInterval(Duration.ofMillis(200)).until(() -> !Instant.now().isBefore(end));
    }

    /** No more faults; waits until everything is settled and checks the history. */
    void check() throws Exception {
        retell.answer(Map.of(DialAnswer.PLACED, 1));
        var accepted = traffic.stop();
        var views = settled(api, accepted, SETTLES_WITHIN);
        var verdict = verdict(accepted, views, retell, abt, limits);
        FaultTable.add(name, seed, kills, verdict);
        assertThat(verdict.violations()).as("%s, seed %d, %s", name, seed, folder).isEmpty();
        close();
        FileSystemUtils.deleteRecursively(folder);
    }

    static Map<String, View> settled(Api api, List<Accepted> accepted, Duration within) {
        var views = new LinkedHashMap<String, View>();
        var open = new ArrayList<>(accepted);
        try {
            await().atMost(within).pollInterval(Duration.ofMillis(500)).until(() -> {
                open.removeIf(request -> {
                    var view = api.view(request.requestId());
                    if (view != null) {
                        views.put(request.requestId(), view);
                    }
                    return view != null && (view.isFinal() || view.state().equals("unknown") && view.askedPerson());
                });
                return open.isEmpty();
            });
        } catch (ConditionTimeoutException unsettled) {
            System.out.println("Faults: not settled: " + open);
        }
        return views;
    }

    /** Waits a while for events that are still on their way. */
    static Verdict verdict(List<Accepted> accepted, Map<String, View> views, RetellStub retell, AbtStub abt, Limits limits) {
        var last = new Verdict[1];
        try {
            await().atMost(EVENTS_WITHIN).pollDelay(Duration.ZERO).pollInterval(Duration.ofSeconds(1)).until(() -> {
                last[0] = HistoryChecker.check(new History(accepted, retell.dials(), views, abt.events(), limits));
                return last[0].count(Verdict.Promise.EVENTS) == 0;
            });
        } catch (ConditionTimeoutException missing) {
            System.out.println("Faults: events are missing");
        }
        return last[0];
    }

    @Override
    public void close() {
        replicas.forEach(Replica::close);
        controller.close();
        retell.close();
        abt.close();
        if (sqs != null) {
            sqs.close();
        }
    }
}
