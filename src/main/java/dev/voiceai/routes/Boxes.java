package dev.voiceai.routes;

import dev.voiceai.routes.RouteFiles.Route;
import dev.voiceai.settings.StartFailure;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.env.Environment;

/**
 * The boxes of the diagram, one for each route file and named after it. What a box begins by itself are its consumers
 * (queues, timers, HTTP, {@code seda:}) and the operations of the contract whose routes it has; its {@code direct:}
 * routes are there for every box.
 */
public final class Boxes {
    private final RouteFiles files;
    private final List<Route> routes;
    private final Set<String> operations;

    private Boxes(RouteFiles files) {
        this.files = files;
        routes = files.routes();
        operations = Set.copyOf(files.operations());
    }

    /**
     * The settings that follow from {@code ROUTES}.
     *
     * @throws StartFailure as {@link #select}
     */
    public static Map<String, Object> settings(Environment environment) {
        String list = environment.getProperty("routes.boxes", "");
        var elsewhere = list.isBlank()
                ? new Elsewhere(Set.of(), Set.of())
                : read(Path.of(environment.getRequiredProperty("routes.dir"))).select(list);
        return Map.of(
                "routes.consumers-elsewhere", String.join(",", elsewhere.consumers),
                // Camel's health check of a route, which else takes one that does not start for one that failed.
                "routes.checks-elsewhere",
                elsewhere.consumers.stream().map("route:"::concat).collect(Collectors.joining(",")),
                "routes.operations-elsewhere", String.join(",", elsewhere.operations));
    }

    /**
     * Reads a folder of route files.
     *
     * @throws StartFailure when one of them is not YAML
     */
    static Boxes read(Path folder) {
        try {
            return new Boxes(RouteFiles.read(folder));
        } catch (UncheckedIOException e) {
            throw new StartFailure("A file in " + folder + " can't be read: " + e.getMessage(), "Correct it.", e);
        }
    }

    /**
     * What a process that runs only some boxes leaves to others.
     *
     * @param list their names, separated by commas
     * @throws StartFailure when there is no such box, or when one hands work over to another, within the process, that
     *     is not named: such work would wait in memory for ever
     */
    Elsewhere select(String list) {
        Set<String> named = Stream.of(list.split(",")).map(String::strip).filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<String> boxes = files.boxes();
        if (!boxes.containsAll(named)) {
            named.removeAll(boxes);
            throw new StartFailure(
                    "ROUTES names boxes that are not there: " + String.join(", ", named) + ".",
                    "There are " + String.join(", ", boxes) + ".");
        }
        requireCompany(named);
        Predicate<Route> other = route -> !named.contains(route.box());
        return new Elsewhere(
                ids(other.and(route -> !route.isDirect())), ids(other.and(route -> operations.contains(route.id()))));
    }

    private Set<String> ids(Predicate<Route> which) {
        return routes.stream().filter(which).map(Route::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private void requireCompany(Set<String> named) {
        for (String box : named) {
            Set<String> absent = new TreeSet<>();
            routes.stream()
                    .filter(route -> route.box().equals(box) && (!route.isDirect() || operations.contains(route.id())))
                    .forEach(start -> handedOver(start).forEach(route -> absent.add(route.box())));
            absent.removeAll(named);
            if (!absent.isEmpty()) {
                throw new StartFailure(
                        "ROUTES names " + box + ", which hands work over within the process to boxes that it does not"
                                + " name: " + String.join(", ", absent) + ".",
                        "Name them too, or leave out " + box + ".");
            }
        }
    }

    /** The {@code seda:} routes that get work from this one, or from a route that it calls. */
    private Stream<Route> handedOver(Route start) {
        return files.called(start, target -> true).stream()
                .flatMap(caller -> RouteFiles.targets(caller.place()).stream())
                .flatMap(target -> routes.stream()
                        .filter(route -> !route.isDirect() && target.isConsumedBy(Set.of(route.endpoint()))));
    }

    /**
     * What other processes do.
     *
     * @param consumers ids of the routes that do not start
     * @param operations ids of the operations that are answered 404
     */
    record Elsewhere(Set<String> consumers, Set<String> operations) {}
}
