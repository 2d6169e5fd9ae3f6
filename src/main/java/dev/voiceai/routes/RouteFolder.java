package dev.voiceai.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.voiceai.http.Problem;
import dev.voiceai.routes.RouteFiles.Definition;
import dev.voiceai.routes.RouteFiles.Document;
import dev.voiceai.routes.RouteFiles.Place;
import dev.voiceai.settings.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * The routes folder of the running system: checked before the start, and, where {@code ROUTES_RELOAD} is on, whenever it
 * changes. The folder is taken as a whole or not at all. What is changed in {@code direct:} routes is live at once, and
 * so is a new route; what a running consumer, the REST contract, an error configuration or a template is made of takes
 * effect at the next start. What is refused changes nothing.
 */
public final class RouteFolder implements ApplicationListener<ApplicationReadyEvent>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFolder.class);
    private static final int POLL_MILLIS = 250;

    private final Path folder;
    private final boolean reload;
    private final RouteVersions versions;
    private final Clock clock;
    private final ObjectMapper json;
    private final CamelContext camel;
    private final LiveRoutes live;
    private final LedgerStatements ledger;

    private final Map<String, FileVersion> files = new HashMap<>();
    /** What the consumers, configurations and other files that are read once were like when they were read. */
    private final Map<String, Fixed> started;
    private final RouteSnapshot startedFiles;
    private RouteFiles runningFiles;
    /** Asked for with every event and every dial. */
    private volatile NavigableSet<String> routeNames;
    private RouteSnapshot running;
    private int version;
    private Instant since;
    private Refusal refusal;
    private Set<String> atRestart = Set.of();
    private String looked = "";
    private boolean settling;
    private ScheduledExecutorService poll;

    private record FileVersion(String checksum, int version, Instant since) {}

    private record Fixed(String file, JsonNode content) {}

    private record Refusal(Instant at, String checksum, List<Finding> findings) {}

    /** @throws StartFailure naming each place in the folder that keeps it from running */
    RouteFolder(Path folder, boolean check, boolean reload, Path data, Clock clock, ObjectMapper json, CamelContext camel,
            LedgerStatements ledger) {
        this.folder = folder;
        this.reload = reload;
        this.versions = new RouteVersions(data.resolve("route-versions"));
        this.clock = clock;
        this.json = json;
        this.camel = camel;
        this.live = new LiveRoutes(camel);
        this.ledger = ledger;
        var read = RouteCheck.of(folder);
        if (check) {
            refuseToStart(read.refusalsAtStart());
        }
        running = RouteSnapshot.of(folder);
        runningFiles = read.files();
        routeNames = routeNames(runningFiles);
        startedFiles = running;
        started = fixed(runningFiles);
        accept(startVersion());
    }

    private void refuseToStart(List<Finding> findings) {
        if (!findings.isEmpty()) {
            throw new StartFailure(findings.stream().limit(20).map(Finding::toString)
                    .collect(Collectors.joining("\n  ", "The routes in " + folder + " can't run:\n  ", "")),
                    "Correct these places" + (reload ? ", or copy an earlier version back from " + versions.folder() : "") + ".");
        }
    }

    // --- What runs ---

    /** What runs and what was refused, as {@code GET /api/v1/routes} tells it for this replica. */
    public synchronized Map<String, Object> report() {
        var report = new LinkedHashMap<String, Object>();
        report.put("version", version);
        report.put("checksum", running.checksum());
        report.put("since", since.toString());
        report.put("reload", reload);
        report.put("takes_effect_at_restart", List.copyOf(atRestart));
        report.put("refused", refusal == null ? null : Map.of("at", refusal.at().toString(), "checksum", refusal.checksum(),
                "findings", json.convertValue(refusal.findings(), List.class)));
        report.put("files", files.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(file -> Map.of(
                "file", file.getKey(),
                "checksum", file.getValue().checksum(),
                "version", file.getValue().version(),
                "since", file.getValue().since().toString(),
                "state", atRestart.contains(file.getKey()) ? "restart" : "running")).toList());
        return report;
    }

    /**
     * The routes that extend another, by the beginning of their names.
     *
     * @param prefix such as {@code outcome-rule-}
     * @return what follows it in each name, in the order of the names
     */
    public List<String> extensions(String prefix) {
        return routeNames.tailSet(prefix, false).stream().takeWhile(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length())).toList();
    }

    /** The number of the version that runs. */
    public synchronized int version() {
        return version;
    }

    /** In how many places the folder as it is now is refused. */
    public synchronized int refusedFindings() {
        return refusal == null ? 0 : refusal.findings().size();
    }

    /** {@link #report()} as JSON. */
    public String reportAsJson() throws IOException {
        return json.writeValueAsString(report());
    }

    /**
     * Writes an earlier version back into the folder and takes it.
     *
     * @param wanted its number; null for the one before the version that runs
     * @return the number of the version that was written back
     * @throws Problem status 404 for a version that is not kept, 409 where the folder can't be written or reloading is off
     */
    public synchronized int rollback(Integer wanted) throws IOException {
        if (!reload) {
            throw new Problem(409, "routes-fixed", "This system takes its routes at its start; deploy the earlier ones.", List.of());
        }
        Integer target = wanted == null ? versions.numbers().lower(version) : wanted;
        if (target == null || !versions.numbers().contains(target)) {
            throw Problem.notFound("No such version of the routes is kept.");
        }
        try {
            versions.restore(target, folder, RouteSnapshot.of(folder));
        } catch (IOException e) {
            throw new Problem(409, "routes-fixed", "The routes folder can't be written.", List.of());
        }
        refusal = null;
        decide();
        if (refusal != null) {
            throw new Problem(409, "routes-refused", "The earlier version was refused: " + refusal.findings().get(0), List.of());
        }
        return target;
    }

    // --- How it is followed ---

    /** Not with the context's lifecycle: a bean that needs Camel would start it before it has its routes. */
    @Override
    public synchronized void onApplicationEvent(ApplicationReadyEvent ready) {
        if (reload && poll == null) {
            poll = Executors.newSingleThreadScheduledExecutor(task -> {
                var thread = new Thread(task, "route-folder");
                thread.setDaemon(true);
                return thread;
            });
            poll.scheduleWithFixedDelay(this::look, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void close() {
        if (poll != null) {
            poll.shutdownNow();
        }
    }

    private void look() {
        try {
            String now = RouteSnapshot.signature(folder);
            synchronized (this) {
                // An editor may empty a file before it writes it: a change is looked at once nothing changes any more.
                if (!now.equals(looked)) {
                    settling = true;
                } else if (settling) {
                    settling = false;
                    decide();
                }
                looked = now;
                live.tidy();
            }
        } catch (RuntimeException | IOException e) {
            LOG.warn("the routes folder can't be followed", e);
        }
    }

    private void decide() throws IOException {
        var found = RouteSnapshot.of(folder);
        String checksum = found.checksum();
        if (checksum.equals(running.checksum())) {
            refusal = null;
            return;
        }
        if (refusal != null && refusal.checksum().equals(checksum)) {
            return;
        }
        var check = RouteCheck.of(folder);
        List<Finding> findings = check.refusals();
        if (findings.isEmpty()) {
            findings = take(check.files(), found);
        }
        if (!findings.isEmpty()) {
            refusal = new Refusal(clock.instant(), checksum, findings);
            findings.forEach(finding -> LOG.error("routes refused, version {} runs on: {}", version, finding));
            return;
        }
        refusal = null;
        running = found;
        accept(version + 1);
        versions.keep(version, folder, running);
        LOG.info("routes changed: version={} checksum={} at_restart={}", version, checksum, atRestart);
    }

    private void accept(int number) {
        version = number;
        since = clock.instant();
        files.keySet().retainAll(running.checksums().keySet());
        running.checksums().forEach((file, checksum) -> files.compute(file, (name, known) ->
                known != null && known.checksum().equals(checksum) ? known : new FileVersion(checksum, version, since)));
    }

    private int startVersion() {
        if (!reload) {
            return 1;
        }
        try {
            var known = versions.numbers();
            if (known.isEmpty()) {
                versions.keep(1, folder, running);
                return 1;
            }
            if (versions.snapshot(known.last()).checksum().equals(running.checksum())) {
                return known.last();
            }
            versions.keep(known.last() + 1, folder, running);
            return known.last() + 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --- What a change is made of ---

    private List<Finding> take(RouteFiles next, RouteSnapshot found) {
        Set<String> changed = found.differences(running);
        Map<String, Definition> before = routes(runningFiles);
        Map<String, Definition> after = routes(next);
        Set<String> read = withReaders(next, changed);
        List<Definition> toReplace = new ArrayList<>();
        List<Definition> toAdd = new ArrayList<>();
        List<Definition> toTry = new ArrayList<>();
        after.forEach((id, definition) -> {
            Definition old = before.get(id);
            // A consumer that was taken out of the folder runs on, so one that is put back is there already.
            boolean runs = old != null || started.containsKey("route/" + id);
            boolean direct = isDirect(definition) && (old == null ? !runs : isDirect(old));
            boolean changes = old == null || !old.content().equals(definition.content()) || reads(next, definition, read);
            if (changes) {
                (direct ? toReplace : runs ? toTry : toAdd).add(definition);
            }
        });
        List<Finding> refused = new ArrayList<>();
        changed.stream().filter(file -> file.matches("sql/[^/]+\\.sql") && !file.startsWith("sql/warehouse-"))
                .filter(next.files()::contains)
                .forEach(file -> ledger.refusal(file, next.content(file)).ifPresent(refused::add));
        forget(changed);
        List<JsonNode> known = runningFiles.all("routeConfiguration").stream().map(Definition::content).toList();
        next.all("routeConfiguration").stream().filter(configuration -> !known.contains(configuration.content()))
                .forEach(configuration -> refused.addAll(live.tryOutConfiguration(configuration)));
        String suffix = "@" + (version + 1);
        refused.addAll(live.build(toReplace, suffix));
        refused.addAll(live.build(toAdd, ""));
        refused.addAll(live.tryOut(toTry));
        if (!refused.isEmpty()) {
            live.discard(toReplace, suffix);
            live.discard(toAdd, "");
            return refused;
        }
        try {
            for (Definition definition : toReplace) {
                live.replace(definition, suffix);
            }
            // What consumes from outside last: it may send to any of the others.
            for (Definition definition : toAdd) {
                live.start(definition);
                started.put("route/" + definition.id(), new Fixed(definition.document().file(), definition.content()));
            }
        } catch (Exception e) {
            throw new IllegalStateException("A route that could be built did not start", e);
        }
        routeNames = routeNames(next);
        before.forEach((id, definition) -> {
            if (!after.containsKey(id) && isDirect(definition)) {
                live.retire(id);
            }
        });
        runningFiles = next;
        atRestart = atRestart(next, found);
        return List.of();
    }

    /** The files whose change waits for the next start. */
    private Set<String> atRestart(RouteFiles next, RouteSnapshot found) {
        Set<String> waiting = new TreeSet<>();
        Map<String, Fixed> now = fixed(next);
        Set<String> names = new HashSet<>(now.keySet());
        names.addAll(started.keySet());
        for (String name : names) {
            Fixed then = started.get(name);
            Fixed fixed = now.get(name);
            if (then == null || fixed == null || !then.content().equals(fixed.content())) {
                waiting.add(Objects.requireNonNullElse(fixed, then).file());
            }
        }
        for (String file : found.differences(startedFiles)) {
            Set<String> read = withReaders(next, Set.of(file));
            boolean readOnce = file.equals(RouteFiles.CONTRACT) || routes(next).values().stream()
                    .anyMatch(route -> !isDirect(route) && reads(next, route, read));
            if (readOnce && !file.endsWith(".camel.yaml")) {
                waiting.add(file);
            }
        }
        return waiting;
    }

    /** Everything but {@code direct:} routes, by kind and name. */
    private static Map<String, Fixed> fixed(RouteFiles files) {
        Map<String, Fixed> fixed = new HashMap<>();
        for (Document document : files.documents()) {
            for (int i = 0; i < document.content().size(); i++) {
                JsonNode definition = document.content().get(i);
                if (definition.isEmpty()) {
                    continue;
                }
                String kind = definition.fieldNames().next();
                String id = definition.path(kind).path("id").asText(document.file());
                if (!kind.equals("route") || !isDirect(new Definition(document, i, kind))) {
                    fixed.put(kind + "/" + id, new Fixed(document.file(), definition.path(kind)));
                }
            }
        }
        return fixed;
    }

    private static Map<String, Definition> routes(RouteFiles files) {
        return files.all("route").stream()
                .collect(Collectors.toMap(Definition::id, route -> route, (a, b) -> b, LinkedHashMap::new));
    }

    private static NavigableSet<String> routeNames(RouteFiles files) {
        return files == null ? new TreeSet<>()
                : files.all("route").stream().map(Definition::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isDirect(Definition route) {
        return route.content().at("/from/uri").asText().startsWith("direct:");
    }

    /** The changed files and the schemas that take them in. */
    private static Set<String> withReaders(RouteFiles files, Set<String> changed) {
        Set<String> all = new HashSet<>(changed);
        List<String> schemas = files.files().stream().filter(file -> file.matches("schemas/.*\\.json")).toList();
        while (all.addAll(schemas.stream().filter(schema -> files.schemaReferences(schema).anyMatch(all::contains)).toList())) {
            // Once more, for those that take these in.
        }
        return all;
    }

    private static boolean reads(RouteFiles files, Definition route, Set<String> changed) {
        String place = "/" + route.index() + "/";
        return files.references().filter(name -> name.file().equals(route.document().file()) && name.path().startsWith(place))
                .map(Place::node).anyMatch(name -> changed.stream().anyMatch(file -> RouteFiles.matches(name.asText(), file)));
    }

    /** Endpoints keep the SQL or schema that they have read; without them the next route reads it anew. */
    private void forget(Set<String> changed) {
        for (String file : changed) {
            if (!file.endsWith(".camel.yaml")) {
                try {
                    camel.removeEndpoints(".*/\\Q" + file + "\\E.*");
                } catch (Exception e) {
                    LOG.warn("endpoints of {} stay", file, e);
                }
            }
        }
    }
}
