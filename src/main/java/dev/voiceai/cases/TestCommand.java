package dev.voiceai.cases;

import dev.voiceai.cases.Case.Step;
import dev.voiceai.routes.CommandSettings;
import dev.voiceai.routes.Finding;
import dev.voiceai.routes.ValidateCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code java -jar voice-ai.jar test}: runs the cases of a routes folder against the whole system, with a stand-in for
 * everything outside. It is for the CI of those who change routes.
 */
public final class TestCommand {

    /** Cases of one system that run side by side: they mostly wait. */
    private static final int AT_ONCE = 10;
    private static final String USUAL_PATIENCE = "PT30S";
    private static final int LOG_LINES = 10;

    private final Class<?> application;
    private final PrintStream out;
    /** Settings, as the application takes them. */
    private final Map<String, String> settings = new LinkedHashMap<>();
    /** The options of this command. */
    private final Map<String, String> options = new LinkedHashMap<>(Map.of("report", "", "within", USUAL_PATIENCE));
    private final boolean everyRoute;
    /** Names of files or parts of names of cases; empty runs all. */
    private final List<String> wanted = new ArrayList<>();

    private final RanRoutes ran = new RanRoutes();
    private final Map<String, String> fileOfRoutes = new TreeMap<>();
    private final List<Result> results = new ArrayList<>();

    /** What one system runs. */
    private record Group(Map<String, String> settings, boolean alone, List<Case> cases) {}

    /**
     * @param application whose settings and beans the routes use
     * @param arguments settings as the application takes them; {@code --report=FILE} for a report in JUnit's XML;
     *     {@code --within=PT30S} for how long an expectation is waited for; {@code --require-all-routes} to fail where a
     *     route has no case; names of files, or parts of names of cases, where not all are to run
     */
    public TestCommand(Class<?> application, PrintStream out, String... arguments) {
        this.application = application;
        this.out = out;
        this.everyRoute = List.of(arguments).contains("--require-all-routes");
        for (String argument : arguments) {
            String[] parts = argument.replaceFirst("^--", "").split("=", 2);
            if (!argument.startsWith("--")) {
                wanted.add(argument);
            } else if (parts.length == 2) {
                (options.containsKey(parts[0]) ? options : settings).put(parts[0], parts[1]);
            }
        }
    }

    /** @return the exit code: 0 when every case found what it expects */
    public int run() throws IOException {
        Path folder = CommandSettings.routesFolder(CommandSettings.arguments(settings));
        List<Finding> findings = new ArrayList<>();
        Map<String, String> shared = CaseFile.sharedSettings(folder, findings);
        List<CaseFile> files = new ArrayList<>();
        for (Path file : CaseFile.in(folder)) {
            CaseFile read = CaseFile.read(file, findings);
            if (read != null) {
                files.add(read);
            }
        }
        if (!findings.isEmpty()) {
            findings.forEach(finding -> out.println("error   " + finding));
            return 1;
        }
        List<Group> groups = groups(files, shared);
        if (groups.isEmpty()) {
            out.println(folder.resolve("cases") + ": there are no such cases");
            return 1;
        }
        for (Group group : groups) {
            if (!run(folder, group)) {
                return 1;
            }
        }
        if (!options.get("report").isEmpty()) {
            JUnitReport.write(Path.of(options.get("report")), results);
        }
        files.forEach(file -> file.withoutCase().forEach(fileOfRoutes::remove));
        long failed = results.stream().filter(result -> !result.passed()).count();
        // A part of the cases says nothing of the routes that the others run.
        List<String> without = wanted.isEmpty() ? routesWithoutCase() : List.of();
        without.forEach(route -> out.println((everyRoute ? "error   " : "warning ") + "no case runs " + route));
        out.println(folder + ": " + results.size() + " cases, " + failed + " failed"
                + (wanted.isEmpty() ? ", " + without.size() + " routes without a case" : ""));
        return failed > 0 || everyRoute && !without.isEmpty() ? 1 : 0;
    }

    private List<Group> groups(List<CaseFile> files, Map<String, String> shared) {
        Map<Map<String, String>, Group> together = new LinkedHashMap<>();
        List<Group> groups = new ArrayList<>();
        for (CaseFile file : files) {
            List<Case> cases = file.cases().stream().filter(this::isWanted).toList();
            if (!cases.isEmpty()) {
                Map<String, String> all = new LinkedHashMap<>(settings);
                all.putAll(shared);
                all.putAll(file.settings());
                Group group = file.alone() ? null : together.get(all);
                if (group == null) {
                    group = new Group(all, file.alone(), new ArrayList<>());
                    groups.add(group);
                    if (!file.alone()) {
                        together.put(all, group);
                    }
                }
                group.cases().addAll(cases);
            }
        }
        return groups;
    }

    private boolean isWanted(Case one) {
        String file = one.file().name().replaceFirst(".*/", "");
        return wanted.isEmpty() || wanted.stream().map(name -> name.replaceFirst(".*/", ""))
                .anyMatch(name -> file.equals(name) || file.equals(name + ".yaml") || one.name().contains(name));
    }

    /** @return false where the system did not start, after saying why */
    private boolean run(Path folder, Group group) throws IOException {
        CaseSystem started;
        try {
            started = CaseSystem.start(application, folder, group.settings(), ran);
        } catch (RuntimeException e) {
            out.println("The system of " + group.cases().get(0).file().name() + " does not start:");
            if (new ValidateCommand(application, out, CommandSettings.arguments(group.settings())).run() == 0) {
                out.println(e.getMessage());
            }
            return false;
        }
        try (started) {
            fileOfRoutes.putAll(started.fileOfRoutes());
            var workers = Executors.newFixedThreadPool(group.alone() ? 1 : AT_ONCE);
            try {
                List<Future<Result>> running = new ArrayList<>();
                for (Case one : group.cases()) {
                    running.add(workers.submit(() -> run(started, one)));
                }
                for (Future<Result> result : running) {
                    tell(result.get());
                }
            } catch (Exception e) {
                throw new IllegalStateException("a case could not be run", e);
            } finally {
                workers.shutdownNow();
            }
        }
        return true;
    }

    private Result run(CaseSystem system, Case one) throws IOException {
        long begun = System.nanoTime();
        long logged = system.logged();
        var run = new CaseRun(system, Duration.parse(options.get("within")));
        for (Step step : one.steps()) {
            try {
                run.run(step);
            } catch (AssertionError | RuntimeException e) {
                String why = e instanceof AssertionError ? e.getMessage() : e.toString();
                return new Result(one, Duration.ofNanos(System.nanoTime() - begun), step.kind() + ": " + why, step.line(),
                        system.loggedSince(logged));
            }
        }
        return new Result(one, Duration.ofNanos(System.nanoTime() - begun), null, one.line(), List.of());
    }

    private void tell(Result result) {
        results.add(result);
        out.printf(Locale.ROOT, "%s %s:%d: %s (%.1f s)%n", result.passed() ? "ok     " : "FAILED ", result.file(), result.line(),
                result.of().name(), result.seconds());
        if (!result.passed()) {
            result.failure().lines().forEach(line -> out.println("        " + line));
            if (!result.log().isEmpty()) {
                out.println("        The system logged meanwhile:");
                result.log().stream().limit(LOG_LINES).forEach(line -> out.println("        " + line));
            }
        }
        out.flush();
    }

    private List<String> routesWithoutCase() {
        return fileOfRoutes.entrySet().stream().filter(route -> !ran.has(route.getKey()))
                .map(route -> route.getValue() + ": " + route.getKey()).sorted(Comparator.naturalOrder()).toList();
    }
}
