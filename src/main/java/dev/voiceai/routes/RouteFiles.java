package dev.voiceai.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The route files of one folder, read as plain YAML: no Camel context, so that a broken file is named with what is
 * wrong in it and where, instead of one start-up failure at a time.
 */
final class RouteFiles {

    static final String CONTRACT = "openapi.yaml";

    private static final String SUFFIX = ".camel.yaml";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern IN_FOLDER = Pattern.compile("\\{\\{routes\\.dir}}/((?:[\\w./-]|\\$\\{[^}]*})+)");
    private static final Pattern EXTENSIONS = Pattern.compile("\\bextensions\\('([a-z-]+)'\\)");
    private static final Pattern ENDPOINT = Pattern.compile("\\b(direct|seda):((?:[\\w.-]|\\$\\{[^}]*})+)");

    /**
     * One file: its name and its content, a list of routes, route configurations, beans and REST definitions.
     *
     * @param instances by index in the content: the routes that are made of a template
     */
    record Document(String file, JsonNode content, SourceText source, Map<Integer, RouteTemplates.Instance> instances) {}

    /** One element of a file; the id is empty when the file gives none. */
    record Definition(Document document, int index, String kind) {

        JsonNode content() {
            return document.content().get(index).path(kind);
        }

        String id() {
            return content().path("id").asText();
        }

        /**
         * The element alone, as Camel loads it.
         *
         * @param names gives ids and the name of what the route consumes another value
         */
        String yaml(UnaryOperator<String> names) {
            RouteTemplates.Instance instance = document.instances().get(index);
            return instance == null ? document.source().only(index, names) : instance.yaml(content(), names);
        }

        /** What it says, with the places, by which a message of Camel is led back to its line. */
        List<Word> words() {
            RouteTemplates.Instance instance = document.instances().get(index);
            return instance == null ? written() : instance.words();
        }

        List<Word> written() {
            return document.source().words(index).stream()
                    .map(word -> new Word(word.getKey(), document.file(), word.getValue())).toList();
        }

        int line() {
            return document.source().line("/" + index);
        }
    }

    /** A text of a file, or the name of an endpoint option and {@code =}, and where it stands. */
    record Word(String text, String file, int line) {}

    /** One text value or object of a file; {@code path} is its JSON Pointer inside the file. */
    record Place(String file, String path, JsonNode node) {

        String key() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        Place child(String name) {
            return new Place(file, path + "/" + name, node.path(name));
        }

        String text(String name) {
            return node.path(name).asText();
        }

        @Override
        public String toString() {
            return file + path;
        }
    }

    /** A route with its place; the id is empty when the file gives none. */
    record Route(Place place) {

        String id() {
            return place.text("id");
        }

        Place from() {
            return place.child("from");
        }

        String consumes() {
            return from().text("uri");
        }

        /** The same without endpoint options: {@code direct:accept-call}. */
        String endpoint() {
            return consumes().replaceFirst("\\?.*", "");
        }

        boolean isDirect() {
            return consumes().startsWith("direct:");
        }

        /** The box of the diagram that it belongs to. */
        String box() {
            return RouteFiles.box(place.file());
        }

        boolean isTransacted() {
            return below(place).anyMatch(step -> step.key().equals("transacted"));
        }

        @Override
        public String toString() {
            return "route " + (id().isEmpty() ? place.path() : id());
        }
    }

    /** A name that a route sends to; {@code name} is a pattern where a part of it is computed. */
    record Target(String scheme, String name, Place place) {

        boolean isConsumedBy(Set<String> consumers) {
            return consumers.stream().anyMatch(consumer -> matches(scheme + ":" + name, consumer));
        }
    }

    private final Path folder;
    private final List<Document> written;
    private final RouteTemplates templates;
    private final List<Document> documents;
    /** Asked for again and again by rules and readers; null until the first time. */
    private List<String> files;
    private List<Place> references;

    private RouteFiles(Path folder, List<Document> written) {
        this.folder = folder;
        this.written = written;
        this.templates = new RouteTemplates(written);
        this.documents = templates.expanded();
    }

    /** The files as Camel runs them: with the routes that templated routes are, and without the templates. */
    List<Document> documents() {
        return documents;
    }

    /** The files as they are. */
    List<Document> written() {
        return written;
    }

    /** What keeps templated routes from being routes. */
    List<Finding> templateFindings() {
        return templates.findings();
    }

    /** The text of one file with routes in the place of its templated routes. */
    String expandedText(Document document) {
        return templates.text(document);
    }

    static RouteFiles read(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Document> documents = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
                documents.add(new Document(file.getFileName().toString(), yaml(file), SourceText.of(file), Map.of()));
            }
            return new RouteFiles(folder, documents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every definition of one kind: {@code route}, {@code routeConfiguration}, {@code rest} or {@code beans}. */
    Stream<Place> definitions(String kind) {
        return documents.stream().flatMap(document -> elements(new Place(document.file(), "", document.content())))
                .filter(element -> element.node().has(kind))
                .map(element -> element.child(kind));
    }

    /** The same with their files, in the order of these. */
    List<Definition> all(String kind) {
        return documents.stream().flatMap(document -> IntStream.range(0, document.content().size())
                .filter(index -> document.content().get(index).has(kind))
                .mapToObj(index -> new Definition(document, index, kind))).toList();
    }

    List<Route> routes() {
        return definitions("route").map(Route::new).toList();
    }

    /** What is wrong at a place of a route file. */
    Finding at(Place place, String message) {
        Document document = documents.stream().filter(some -> some.file().equals(place.file())).findFirst().orElseThrow();
        Matcher index = Pattern.compile("/(\\d+)/route(/.*)?").matcher(place.path());
        RouteTemplates.Instance instance = index.matches() ? document.instances().get(Integer.valueOf(index.group(1))) : null;
        return instance == null ? new Finding(place.file(), document.source().line(place.path()), message)
                : instance.at(Objects.requireNonNullElse(index.group(2), ""), place.node(), message);
    }

    /** Everything in every file, objects and texts, parents first. */
    Stream<Place> places() {
        return documents.stream().flatMap(document -> below(new Place(document.file(), "", document.content())));
    }

    /** Texts that Camel acts on: without the prose of descriptions, notes and log messages. */
    static Stream<Place> texts(Place place) {
        return below(place).filter(text -> text.node().isTextual())
                .filter(text -> !Set.of("description", "note", "message").contains(text.key()));
    }

    Stream<Place> texts() {
        return documents.stream().flatMap(document -> texts(new Place(document.file(), "", document.content())));
    }

    /** The {@code direct:} and {@code seda:} names that something below this place sends to. */
    static List<Target> targets(Place place) {
        return texts(place).filter(text -> !text.path().endsWith("/from/uri")).flatMap(text -> {
            Matcher names = ENDPOINT.matcher(text.node().asText());
            return names.results().map(name -> new Target(name.group(1), name.group(2), text));
        }).toList();
    }

    /** The beginnings of the names of routes that the routes call where there are any. */
    Set<String> extensionPoints() {
        return texts().flatMap(text -> EXTENSIONS.matcher(text.node().asText()).results().map(point -> point.group(1)))
                .collect(Collectors.toSet());
    }

    /** What the routes consume, without endpoint options. */
    Set<String> consumers() {
        return routes().stream().map(Route::endpoint).collect(Collectors.toSet());
    }

    /**
     * A route and those that it calls, in the same exchange, however many deep.
     *
     * @param followed which {@code direct:} targets count as calls
     */
    Collection<Route> called(Route start, Predicate<Target> followed) {
        List<Route> all = routes();
        Map<String, Route> called = new LinkedHashMap<>();
        Deque<Route> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            Route route = open.pop();
            if (called.putIfAbsent(route.endpoint(), route) == null) {
                targets(route.place()).stream().filter(target -> target.scheme().equals("direct")).filter(followed)
                        .forEach(target -> all.stream().filter(next -> target.isConsumedBy(Set.of(next.endpoint())))
                                .forEach(open::push));
            }
        }
        return called.values();
    }

    /** The operations of the API contract, each of which has a route of its name; none where there is no contract. */
    List<String> operations() {
        return files().contains(CONTRACT) ? yaml(CONTRACT).findValuesAsText("operationId") : List.of();
    }

    /** The boxes of the diagram, one for each file and named after it. */
    Set<String> boxes() {
        return documents.stream().map(document -> box(document.file())).collect(Collectors.toCollection(TreeSet::new));
    }

    static String box(String file) {
        return file.replace(SUFFIX, "");
    }

    /**
     * The files that the routes name, relative to the folder; a computed part of a name stands as an expression. A note
     * counts, too: it tells of files that Java reads for a route.
     */
    Stream<Place> references() {
        if (references == null) {
            references = places().filter(place -> place.node().isTextual()).flatMap(text -> IN_FOLDER.matcher(text.node().asText())
                    .results().map(name -> new Place(text.file(), text.path(), TextNode.valueOf(name.group(1))))).toList();
        }
        return references.stream();
    }

    /** The files that a schema or the API contract takes in by {@code $ref}, relative to the folder. */
    Stream<String> schemaReferences(String file) {
        Path parent = Path.of(file).resolveSibling("");
        return yaml(file).findValuesAsText("$ref").stream().map(ref -> ref.replaceFirst("#.*", ""))
                .filter(ref -> !ref.isEmpty() && !ref.contains(":"))
                .map(ref -> parent.resolve(ref).normalize().toString().replace('\\', '/'));
    }

    /** What templates name beside that, where no parameter is a part of it. */
    Stream<String> templateReferences() {
        return written.stream().flatMap(document -> below(new Place(document.file(), "", document.content())))
                .filter(place -> place.node().isTextual() && place.path().contains("/routeTemplate/"))
                .flatMap(text -> IN_FOLDER.matcher(text.node().asText()).results().map(name -> name.group(1)));
    }

    /** The files of the folder and its sub-folders, relative to it. */
    List<String> files() {
        if (files == null) {
            try (Stream<Path> found = Files.walk(folder)) {
                files = found.filter(Files::isRegularFile)
                        .map(file -> folder.relativize(file).toString().replace('\\', '/')).sorted().toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    /** The first line, counted from 1, that has this text; 1 where none has it. */
    int lineOf(String file, String text) {
        List<String> lines = content(file).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(text)) {
                return i + 1;
            }
        }
        return 1;
    }

    String content(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode yaml(String file) {
        return yaml(folder.resolve(file));
    }

    private static JsonNode yaml(Path file) {
        try {
            return YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Compares a name, in which {@code ${...}} stands for any text, with a real one. */
    static boolean matches(String name, String real) {
        if (!name.contains("${")) {
            return name.equals(real);
        }
        StringBuilder pattern = new StringBuilder();
        for (String literal : name.split("\\$\\{[^}]*}", -1)) {
            pattern.append(pattern.isEmpty() ? "" : ".+").append(Pattern.quote(literal));
        }
        return real.matches(pattern.toString());
    }

    static Stream<Place> below(Place place) {
        Stream<Place> children = place.node().isObject()
                ? place.node().properties().stream()
                        .map(field -> new Place(place.file(), place.path() + "/" + field.getKey(), field.getValue()))
                : elements(place);
        return Stream.concat(Stream.of(place), children.flatMap(RouteFiles::below));
    }

    private static Stream<Place> elements(Place place) {
        List<Place> elements = new ArrayList<>();
        for (int i = 0; place.node().isArray() && i < place.node().size(); i++) {
            elements.add(new Place(place.file(), place.path() + "/" + i, place.node().get(i)));
        }
        return elements.stream();
    }
}
