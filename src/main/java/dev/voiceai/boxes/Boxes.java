package dev.voiceai.boxes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.voiceai.settings.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.env.Environment;

/**
 * The boxes of the diagram, one for each route file and named after it. What a box begins by itself are its consumers
 * (queues, timers, HTTP, {@code seda:}) and the operations of the contract whose routes it has; its {@code direct:}
 * routes are there for every box.
 */
public final class Boxes {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String SUFFIX = ".camel.yaml";
    /** A part of the name may be computed. */
    private static final Pattern ENDPOINT = Pattern.compile("\\b(?:direct|seda):(?:[\\w.-]|\\$\\{[^}]*})+");
    private static final Pattern COMPUTED = Pattern.compile("\\$\\{[^}]*}");
    private static final Set<String> PROSE = Set.of("description", "note", "message");

    /** @param sendsTo patterns of the endpoints within this process that it sends to */
    private record Route(String box, String id, String consumes, List<Pattern> sendsTo) {
        boolean isDirect() {
            return consumes.startsWith("direct:");
        }
    }

    private final Set<String> names = new TreeSet<>();
    private final List<Route> routes = new ArrayList<>();
    private final Set<String> operations;

    private Boxes(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String box = file.getFileName().toString().replace(SUFFIX, "");
                names.add(box);
                YAML.readTree(file.toFile()).findValues("route").forEach(route -> routes.add(route(box, route)));
            }
        }
        Path contract = folder.resolve("openapi.yaml");
        operations = Files.exists(contract)
                ? Set.copyOf(YAML.readTree(contract.toFile()).findValuesAsText("operationId"))
                : Set.of();
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
            return new Boxes(folder);
        } catch (IOException e) {
            throw new StartFailure("A file in " + folder + " can't be read: " + e.getMessage(), "Correct it.", e);
        }
    }

    private static Route route(String box, JsonNode route) {
        JsonNode from = route.path("from");
        List<Pattern> sendsTo = Stream.concat(texts(from.path("steps")), texts(from.path("parameters")))
                .flatMap(text -> ENDPOINT.matcher(text).results())
                .map(MatchResult::group)
                .distinct()
                .map(Boxes::pattern)
                .toList();
        String consumes = from.path("uri").asText().replaceFirst("\\?.*", "");
        return new Route(box, route.path("id").asText(), consumes, sendsTo);
    }

    /** Every text that Camel acts on. */
    private static Stream<String> texts(JsonNode node) {
        if (node.isTextual()) {
            return Stream.of(node.asText());
        }
        return node.isObject()
                ? node.properties().stream()
                        .filter(field -> !PROSE.contains(field.getKey()))
                        .flatMap(field -> texts(field.getValue()))
                : node.valueStream().flatMap(Boxes::texts);
    }

    private static Pattern pattern(String endpoint) {
        return Pattern.compile(
                Stream.of(COMPUTED.split(endpoint, -1)).map(Pattern::quote).collect(Collectors.joining(".+")));
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
        if (!names.containsAll(named)) {
            named.removeAll(names);
            throw new StartFailure(
                    "ROUTES names boxes that are not there: " + String.join(", ", named) + ".",
                    "There are " + String.join(", ", names) + ".");
        }
        requireCompany(named);
        Predicate<Route> other = route -> !named.contains(route.box);
        return new Elsewhere(
                ids(other.and(route -> !route.isDirect())), ids(other.and(route -> operations.contains(route.id))));
    }

    private Set<String> ids(Predicate<Route> which) {
        return routes.stream().filter(which).map(Route::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private void requireCompany(Set<String> named) {
        for (String box : named) {
            Set<String> absent = new TreeSet<>();
            routes.stream()
                    .filter(route -> route.box.equals(box) && (!route.isDirect() || operations.contains(route.id)))
                    .forEach(start -> handedOver(start).forEach(route -> absent.add(route.box)));
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
    private Set<Route> handedOver(Route start) {
        Set<Route> called = new HashSet<>();
        Set<Route> handedOver = new HashSet<>();
        var open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            Route caller = open.pop();
            if (called.add(caller)) {
                routes.stream()
                        .filter(route -> caller.sendsTo.stream().anyMatch(p -> p.matcher(route.consumes).matches()))
                        .forEach(route -> (route.isDirect() ? open : handedOver).add(route));
            }
        }
        return handedOver;
    }

    /**
     * What other processes do.
     *
     * @param consumers ids of the routes that do not start
     * @param operations ids of the operations that are answered 404
     */
    record Elsewhere(Set<String> consumers, Set<String> operations) {}
}
