package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.faults.EventScript.Told;
import dev.voiceai.faults.EventsChecker.Difference;
import dev.voiceai.faults.History.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.util.FileSystemUtils;

/**
 * Whatever happens to the events between Retell and us, the end is that of a run in which nothing did: the same rows in
 * ledger and warehouse, and the same activity events. All runs go on from one folder in which the calls are placed, since
 * the ids of activity events come from those of the requests.
 */
@ExtendWith(FaultTable.class)
class EventsIT {
    private static final int PLACED = Size.of(44, 3_200);
    private static final int FOREIGN = Size.of(6, 320);
    private static final int EVENTS = Size.of(130, 10_000);
    private static final int LONG_ONES = Size.of(1, 10);
    private static final int TIMES = 5;
    /** Kills bring repeats of their own: each message that was not deleted comes again. */
    private static final int TIMES_BESIDE_KILLS = Size.of(5, 2);
    private static final Duration PLACED_WITHIN = Duration.ofMinutes(Size.of(5, 20));
    private static final Map<String, String> ASKS_SOON = Map.of(
            "reconcile.silent-after", "PT2S", "reconcile.period", "PT0.5S", "reconcile.sweep-period", "PT1S");
    private static final String NUMBERS = "%-26s %10s %5s %8s %10s";
    private static final String TITLES = NUMBERS.formatted("scenario", "seed", "kills", "events", "deliveries")
            + Arrays.stream(Difference.values()).map(kind -> kind.title).collect(Collectors.joining("  ", " | ", ""));

    private static final long SEED = Size.seed();
    private static final Consumer<Told> NOTHING = told -> {};
    private static final Path FOLDER = Path.of("target/faults").toAbsolutePath().resolve("events");
    private static final Path ROUTES = FOLDER.resolve("routes");

    private static RetellStub retell;
    private static Path prepared;
    /** What the collector got while the calls were placed. */
    private static List<Event> initiated;
    private static EventScript script;
    private static Facts clean;

    private final Random random = new Random(SEED);

    @BeforeAll
    static void placeCallsAndTellEachEventOnce() throws Exception {
        System.out.println("Faults: events, seed " + SEED);
        assertThat(Replica.JAR).as("the packaged application").exists();
        FileSystemUtils.deleteRecursively(FOLDER);
        Files.createDirectories(FOLDER);
        EventsRun.copyRoutes(ROUTES);
        retell = new RetellStub(SEED, Clock.systemUTC(), 10_000, Duration.ofSeconds(30));
        retell.leaveCallsToTheScript();
        placeCalls();
        script = EventScript.draw(SEED, retell.placed(), FOREIGN, LONG_ONES, Instant.now());
        assertThat(script.events()).isGreaterThanOrEqualTo(EVENTS);
        tellInOrder();
    }

    /** Keeps what the calls were placed with as long as a run that failed is there. */
    @AfterAll
    static void close() throws IOException {
        if (retell != null) {
            retell.close();
        }
        boolean failed;
        try (var folders = Files.list(FOLDER)) {
            failed = folders.anyMatch(folder -> !folder.equals(ROUTES) && !folder.equals(FOLDER.resolve("placed")));
        }
        if (!failed) {
            FileSystemUtils.deleteRecursively(FOLDER);
        }
    }

    private static void placeCalls() throws Exception {
        try (var run = new EventsRun(FOLDER.resolve("placed"), null, List.of(), retell, ROUTES, true, NOTHING, Map.of())) {
            run.start();
            var api = new Api(List.of(run.replica.uri()));
            ExecutorService callers = Executors.newFixedThreadPool(8);
            try {
                List<Future<String>> requests = new ArrayList<>();
                for (int i = 0; i < PLACED; i++) {
                    var call = Api.call("+1206555" + (1_000 + i));
                    call.put("contact_id", "contact " + i).put("campaign", "campaign " + i % 7);
                    call.putObject("metadata").put("order", i);
                    requests.add(callers.submit(() -> api.requestCall(call)));
                }
                for (Future<String> request : requests) {
                    request.get();
                }
            } finally {
                callers.shutdownNow();
            }
            await("calls are placed").atMost(PLACED_WITHIN).pollInterval(Duration.ofMillis(200)).until(() ->
                    run.abt.events().stream().filter(event -> event.type().equals("initiated")).map(Event::id).distinct().count() == PLACED);
            var facts = run.end();
            assertThat(facts.table("attempt").values()).hasSize(PLACED).allMatch(attempt -> attempt.get("state").equals("dialed"));
            assertThat(facts.leftOver().values()).containsOnly(0L);
            prepared = run.replica.dataFolder();
            initiated = facts.events();
        }
    }

    private static EventsRun run(String name, boolean ownSqs, Consumer<Told> beforehand, Map<String, String> more) throws IOException {
        return new EventsRun(
                FOLDER.resolve(name.replaceAll("[^a-z0-9]+", "-")), prepared, initiated, retell, ROUTES, ownSqs, beforehand, more);
    }

    /** The run that all others are held against; it is right by itself too. */
    private static void tellInOrder() throws Exception {
        retell.know(retell.placed());
        try (var run = run("in order", true, told -> retell.learn(told.call()), Map.of("queues.call-events-consumers", "1"))) {
            run.start();
            run.posts.send(script.calls());
            run.awaitEmptyQueue();
            await("events").atMost(PLACED_WITHIN).until(() ->
                    run.events().stream().map(Event::id).distinct().count() >= initiated.size() + script.activityEvents());
            clean = run.end();
            check("events in order", run, clean, Set.of());
        }
        assertThat(clean.table("request").values()).hasSize(PLACED).allMatch(request -> request.get("state").equals("done"));
        assertThat(clean.table("attempt").values()).hasSize(PLACED).allMatch(attempt -> attempt.get("state").equals("analyzed"));
        assertThat(clean.table("phone_call")).hasSize(script.calls().size());
        assertThat(clean.table("call_event").keySet()).isEqualTo(script.all().stream().map(Told::key).collect(Collectors.toSet()));
        assertThat(clean.table("activity")).hasSize(initiated.size() + script.activityEvents());
        assertThat(clean.table("person").values()).anyMatch(person -> person.get("do_not_call").equals("TRUE"));
    }

    @Test
    @EnabledIfSystemProperty(named = "faults.size", matches = "full")
    void eachEventComesFiveTimesInAnyOrder() throws Exception {
        retell.know(inTheEnd());
        try (var run = run("five times", true, NOTHING, Map.of())) {
            run.start();
            for (List<List<Told>> part : shuffledCopies(TIMES)) {
                run.posts.send(part);
            }
            endsLikeTheCleanRun("events five times", run, Set.of());
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "faults.size", matches = "full")
    void eachEventComesAnHourAfterItsCallWasSettled() throws Exception {
        retell.know(inTheEnd());
        try (var run = run("an hour late", true, NOTHING, ASKS_SOON)) {
            run.start();
            run.awaitEvents(cleanIds(event -> !event.requestId().startsWith("call_")));
            var late = run.lateMessages();
            var messages = new ArrayList<Late>();
            for (int i = 0; i < script.calls().size(); i++) {
                // Waited in the queue for an hour, or came to the forwarder that late.
                var first = Instant.now().plus(Duration.ofHours(i % 2 == 0 ? -1 : 1));
                for (Told told : script.calls().get(i)) {
                    first = first.plusMillis(500);
                    messages.add(new Late(told, first));
                }
            }
            Collections.shuffle(messages, random);
            for (Late message : messages) {
                late.send(message.told(), message.receivedAt());
            }
            run.sent(messages.size());
            endsLikeTheCleanRun("events an hour late", run, Set.of());
        }
    }

    private record Late(Told told, Instant receivedAt) {}

    @Test
    void oneOfTenEventsIsNeverDelivered() throws Exception {
        retell.know(retell.placed());
        var lost = lost();
        var untold = lost.stream().map(Told::key).collect(Collectors.toSet());
        try (var run = run("one of ten lost", true, told -> retell.learn(told.call()), ASKS_SOON)) {
            run.start();
            var calls = new ArrayList<>(script.calls());
            Collections.shuffle(calls, random);
            run.posts.send(calls, lost);
            endsLikeTheCleanRun("events lost", run, untold);
        }
    }

    @Test
    void theApplicationAndItsQueuesAreKilledAgainAndAgain() throws Exception {
        retell.know(inTheEnd());
        try (var run = run("killed", true, NOTHING, Map.of())) {
            run.start();
            killWhileSending(run, Size.of(2, 20), no -> run.killApplication());
            endsLikeTheCleanRun("events and kills", run, Set.of());
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "faults.size", matches = "full")
    void theApplicationAndAnSqsBesideItAreKilledInTurn() throws Exception {
        retell.know(inTheEnd());
        try (var run = run("killed in turn", false, NOTHING, Map.of())) {
            run.start();
            killWhileSending(run, 20, no -> {
                if (no % 2 == 0) {
                    run.killSqs();
                } else {
                    run.killApplication();
                }
            });
            endsLikeTheCleanRun("events and kills of SQS", run, Set.of());
        }
    }

    private interface Kill {
        void number(int no) throws Exception;
    }

    private void killWhileSending(EventsRun run, int kills, Kill kill) throws Exception {
        var parts = shuffledCopies(TIMES_BESIDE_KILLS);
        int between = parts.stream().mapToInt(List::size).sum() / (kills + 1);
        var sender = Executors.newSingleThreadExecutor();
        try {
            var sent = sender.submit(() -> {
                for (List<List<Told>> part : parts) {
                    run.posts.send(part);
                }
                return null;
            });
            for (int no = 0; no < kills; no++) {
                int next = (no + 1) * between + random.nextInt(between / 2);
                await("so many events").atMost(Duration.ofMinutes(10)).pollInterval(Duration.ofMillis(5)).until(() ->
                        run.posts.taken() >= next || sent.isDone());
                kill.number(no);
            }
            sent.get();
        } finally {
            sender.shutdownNow();
        }
    }

    /** Each event several times, in any order; an analysis is run again only when the first one has been told. */
    private List<List<List<Told>>> shuffledCopies(int times) {
        var first = new ArrayList<List<Told>>();
        var again = new ArrayList<List<Told>>();
        for (Told told : script.all()) {
            for (int i = 0; i < times; i++) {
                (told.again() ? again : first).add(List.of(told));
            }
        }
        Collections.shuffle(first, random);
        Collections.shuffle(again, random);
        return List.of(first, again);
    }

    /**
     * One of ten, and all of one call of ours and of one that nobody asked for. Not an analysis that was run again: nobody
     * asks about a call that is settled. And not all of a call of somebody else's agent, which is in no list that we read.
     */
    private Set<Told> lost() {
        var lost = new HashSet<Told>(script.calls().get(0));
        lost.addAll(script.calls().get(PLACED));
        script.all().stream().filter(told -> random.nextInt(10) == 0).forEach(lost::add);
        lost.removeIf(Told::again);
        script.calls().stream().filter(EventScript::isOfAnotherAgent).filter(lost::containsAll)
                .forEach(call -> lost.remove(call.get(0)));
        return lost;
    }

    /** All call objects when everything has been told. */
    private static List<ObjectNode> inTheEnd() {
        return script.calls().stream().map(call -> call.get(call.size() - 1).call()).toList();
    }

    private static Set<String> cleanIds(Predicate<Event> which) {
        return clean.events().stream().filter(which).map(Event::id).collect(Collectors.toSet());
    }

    private static void endsLikeTheCleanRun(String name, EventsRun run, Set<String> untold) throws IOException {
        run.awaitEmptyQueue();
        run.awaitEvents(cleanIds(event -> true));
        check(name, run, run.end(), untold);
    }

    private static void check(String name, EventsRun run, Facts facts, Set<String> untold) throws IOException {
        var differences = EventsChecker.compare(clean, facts, untold);
        var counts = Arrays.stream(Difference.values())
                .map(kind -> ("%" + kind.title.length() + "d").formatted(differences.getOrDefault(kind, List.of()).size()))
                .collect(Collectors.joining("  ", " | ", ""));
        FaultTable.add(TITLES, NUMBERS.formatted(name, SEED, run.kills, script.events(), run.deliveries()) + counts);
        assertThat(differences).as("%s, seed %d, %s", name, SEED, FOLDER).isEmpty();
        run.forget();
    }
}
