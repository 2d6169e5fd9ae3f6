package dev.voiceai.routes;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.voiceai.routes.RouteFiles.Place;
import dev.voiceai.routes.RouteFiles.Route;
import dev.voiceai.routes.RouteFiles.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who sends what to whom, read from the route files, so that what is drawn of them can't differ from them. A box is a
 * file. A system outside is whatever a step with an id {@code to-<system>} sends to, or a route receives from; its name
 * is the one that the descriptions give it.
 */
public final class RouteMap {

    private static final Pattern DESCRIPTION = Pattern.compile("(\\S.*?) -> (\\S.*?): (\\S.*)");
    private static final Pattern PLACEHOLDER = Pattern.compile("([{$]\\{[^}]*}+)(.*)");
    private static final Pattern SEED = Pattern.compile("\\bReplaces (\\w+\\.py)");
    private static final Pattern EVENT = Pattern.compile("\\$\\{variable\\.event} == '(\\w+)'");
    private static final Map<String, String> ACTORS =
            Map.of("engage", "Engage", "business", "business user", "operator", "operator");
    /** Systems that a route reaches through Java: the bean, and the endpoint of the same system. */
    private static final Map<String, String> BEANS = Map.of("deadLetters", "aws2-sqs:dead-letters");
    private static final String FUNCTION = "aws2-lambda:{{forwarder.function}}";
    private static final String CALL_EVENTS = "aws2-sqs:{{queues.call-events}}";

    private final RouteFiles files;
    private final Map<String, String> systems;

    private RouteMap(RouteFiles files) {
        this.files = files;
        this.systems = systemNames();
    }

    /** @param folder the folder of the route files */
    public static RouteMap read(Path folder) {
        return new RouteMap(RouteFiles.read(folder));
    }

    /** Somebody at an end of an arrow. */
    public record Party(String name, Kind kind) {
        public enum Kind { BOX, QUEUE, DATABASE, SYSTEM }
    }

    /**
     * One thing that goes from one to another.
     *
     * @param label what the arrow is called in a diagram, in a word or two
     * @param method how it is sent, such as {@code HTTP POST /calls}
     * @param file where it is written, from the repository's root
     * @param route the id of the route there
     */
    public record Arrow(Party from, Party to, String label, String method, String file, String route) {}

    /** One route, its description taken apart. */
    public record Line(String box, String id, String source, String target, String what) {}

    /** A kind of activity event with the routes that send it. */
    public record Event(String type, String name, List<Line> sentBy) {}

    /** What a route does with one kind of Retell's webhooks. */
    public record Webhook(String event, Line route) {}

    /** The boxes by their names, each with its file, from the repository's root. */
    public Map<String, String> boxes() {
        Map<String, String> boxes = new TreeMap<>();
        files.documents().forEach(document -> boxes.put(RouteFiles.box(document.file()), path(document.file())));
        return boxes;
    }

    public List<Line> lines() {
        return files.routes().stream().map(RouteMap::line).toList();
    }

    /** How many timers start something in a box. */
    public long timers(String box) {
        return files.routes().stream().filter(route -> route.consumes().startsWith("timer:"))
                .filter(route -> route.box().equals(box)).count();
    }

    /** The programs of the seed, each with the route that takes its place. */
    public Map<String, Line> seed() {
        Map<String, Line> seed = new TreeMap<>();
        files.routes().forEach(route -> SEED.matcher(route.place().text("note")).results()
                .forEach(found -> seed.put(found.group(1), line(route))));
        return seed;
    }

    /** The Lambda's name, where a route invokes it. */
    public List<Party> lambda() {
        return Stream.of(FUNCTION).filter(systems::containsKey).map(this::system).toList();
    }

    /** All that crosses the border of this process. */
    public List<Arrow> outside() {
        List<Arrow> arrows = new ArrayList<>(api());
        for (Route route : files.routes()) {
            received(route).forEach(arrows::add);
            sent(route).forEach(arrows::add);
        }
        arrows.addAll(forwarder());
        return arrows;
    }

    /** What the boxes put into the outbox, by sink, in the transaction of the change that causes it. */
    public List<Arrow> sinks() {
        return files.routes().stream().flatMap(route -> constants(route, "outboxSink")
                        .map(sink -> arrow(route, boxOf(route), new Party("outbox", Party.Kind.BOX), sink,
                                "outbox, sink " + sink)))
                .filter(arrow -> !arrow.from().equals(arrow.to())).toList();
    }

    /** One box's routes that call another's, in the same process; of error handling not each call is told. */
    public List<Arrow> calls() {
        return files.routes().stream().flatMap(route -> RouteFiles.targets(route.place()).stream()
                        .flatMap(this::consumers)
                        .map(called -> arrow(route, boxOf(route), boxOf(called), called.id(), "direct")))
                .filter(arrow -> !arrow.from().equals(arrow.to()) && !arrow.to().name().equals("errors"))
                .distinct().toList();
    }

    /** The boxes that run SQL of the ledger themselves. */
    public Set<String> ledgerBoxes() {
        Set<String> boxes = new LinkedHashSet<>();
        files.routes().stream().filter(route -> RouteFiles.below(route.place())
                        .anyMatch(step -> step.text("uri").matches("sql:file:.*/sql/(?!warehouse).*")))
                .forEach(route -> boxes.add(boxOf(route).name()));
        return boxes;
    }

    /** The kinds of activity events. */
    public List<Event> events() {
        Map<String, String> names = new TreeMap<>();
        Map<String, Set<Line>> senders = new TreeMap<>();
        for (Route route : files.routes()) {
            List<String> types = constants(route, "abtType").toList();
            List<String> eventNames = constants(route, "abtName").toList();
            if (types.size() != eventNames.size()) {
                throw new IllegalStateException(route + ": sets abtType and abtName not together");
            }
            for (int i = 0; i < types.size(); i++) {
                names.put(types.get(i), eventNames.get(i));
                senders.computeIfAbsent(types.get(i), type -> new LinkedHashSet<>()).add(line(route));
            }
            if (sendsClosingEvents(route)) {
                files.yaml("outcomes.json").path("rows").forEach(row -> {
                    String type = row.path("type").asText();
                    names.put(type, row.path("event_name").asText());
                    senders.computeIfAbsent(type, some -> new LinkedHashSet<>()).add(line(route));
                });
            }
        }
        return names.entrySet().stream()
                .map(name -> new Event(name.getKey(), name.getValue(), List.copyOf(senders.get(name.getKey()))))
                .toList();
    }

    /** The content-based routers on Retell's events by branch; {@code *} is every event that no branch names. */
    public List<Webhook> webhooks() {
        List<Webhook> webhooks = new ArrayList<>();
        for (Route route : files.routes()) {
            RouteFiles.below(route.place()).filter(place -> place.key().equals("choice")).forEach(choice -> {
                List<Webhook> branches = new ArrayList<>();
                String branch = Pattern.quote(choice.path()) + "/when/\\d+";
                RouteFiles.below(choice).filter(when -> when.path().matches(branch)).forEach(when ->
                        EVENT.matcher(when.child("expression").child("simple").text("expression")).results()
                                .forEach(event -> branches.addAll(webhook(event.group(1), when.child("steps")))));
                if (!branches.isEmpty()) {
                    webhooks.addAll(branches);
                    webhooks.addAll(webhook("*", choice.child("otherwise")));
                }
            });
        }
        return webhooks;
    }

    private List<Webhook> webhook(String event, Place steps) {
        return RouteFiles.targets(steps).stream().flatMap(this::consumers).map(route -> new Webhook(event, line(route)))
                .toList();
    }

    /** {@code abtType} and its name come from the row of the outcome table that fits the call. */
    private boolean sendsClosingEvents(Route route) {
        return RouteFiles.texts(route.place())
                .anyMatch(text -> text.node().asText().equals("${variable.outcome[type]}"));
    }

    private List<Arrow> api() {
        if (!files.files().contains("openapi.yaml")) {
            return List.of();
        }
        List<Arrow> arrows = new ArrayList<>();
        files.yaml("openapi.yaml").path("paths").properties().forEach(path ->
                path.getValue().properties().forEach(operation -> {
                    String method = "HTTP " + operation.getKey().toUpperCase() + " /api/v1" + path.getKey();
                    String id = operation.getValue().path("operationId").asText();
                    files.routes().stream().filter(route -> route.consumes().equals("direct:" + id)).forEach(route ->
                            operation.getValue().path("x-roles").forEach(role -> arrows.add(arrow(route,
                                    actor(role.asText()), boxOf(route), "HTTP", method))));
                }));
        return arrows;
    }

    private static Party actor(String role) {
        return new Party(ACTORS.getOrDefault(role, role), Party.Kind.SYSTEM);
    }

    private Stream<Arrow> received(Route route) {
        String path = route.consumes().replaceFirst("[^:]*:", "");
        if (route.consumes().startsWith("platform-http:")) {
            Party sender = new Party(line(route).source(), Party.Kind.SYSTEM);
            String method = route.from().child("parameters").text("httpMethodRestrict");
            return Stream.of(arrow(route, sender, boxOf(route), path, "HTTP " + method + " " + path));
        }
        return Stream.of(key(route.consumes())).filter(systems::containsKey)
                .map(key -> arrow(route, system(key), boxOf(route), "SQS", "SQS ReceiveMessage"));
    }

    private Stream<Arrow> sent(Route route) {
        Stream<Arrow> steps = outsideSteps(route).map(step -> {
            String uri = step.text("uri");
            String rest = PLACEHOLDER.matcher(uri).replaceFirst("$2").replaceAll("\\$\\{variable\\.([^}]*)}", "{$1}");
            return arrow(route, boxOf(route), system(key(uri)), label(uri, rest), method(route, uri, rest));
        });
        Stream<Arrow> beans = BEANS.entrySet().stream()
                .filter(bean -> systems.containsKey(bean.getValue()))
                .filter(bean -> RouteFiles.below(route.place())
                        .anyMatch(step -> step.text("ref").equals(bean.getKey())))
                .map(bean -> arrow(route, boxOf(route), system(bean.getValue()), "SQS",
                        "SQS, by bean " + bean.getKey()));
        return Stream.concat(steps, beans);
    }

    private static String label(String uri, String rest) {
        String path = rest.replaceAll("(/\\{[^}]*})*$", "").replaceFirst(".*/", "");
        return PLACEHOLDER.matcher(uri).matches() ? path.isEmpty() ? "HTTP" : path : protocol(uri);
    }

    private static String method(Route route, String uri, String rest) {
        if (PLACEHOLDER.matcher(uri).matches()) {
            List<String> verbs = constants(route, "CamelHttpMethod").toList();
            return Stream.concat(Stream.of("HTTP"), Stream.concat(verbs.stream(), Stream.of(rest)))
                    .filter(word -> !word.isEmpty()).reduce((some, more) -> some + " " + more).orElseThrow();
        }
        return switch (protocol(uri)) {
            case "SQS" -> "SQS SendMessage";
            case "Lambda" -> "Lambda Invoke";
            default -> protocol(uri);
        };
    }

    /** What an endpoint's scheme is called outside Camel. */
    private static String protocol(String uri) {
        String scheme = uri.replaceFirst(":.*", "").replaceFirst("^aws2?-", "");
        return scheme.equals("lambda") ? "Lambda" : scheme.length() <= 4 ? scheme.toUpperCase() : scheme;
    }

    /** The Lambda is no route: what goes through it is written in its template. */
    private List<Arrow> forwarder() {
        if (!systems.keySet().containsAll(List.of(FUNCTION, CALL_EVENTS))) {
            return List.of();
        }
        String file = "lambda-forwarder/template.yaml";
        return List.of(
                new Arrow(new Party("Retell", Party.Kind.SYSTEM), system(FUNCTION), "webhook",
                        "HTTP POST to the Function URL", file, "ForwarderHandler"),
                new Arrow(system(FUNCTION), system(CALL_EVENTS), "SQS", "SQS SendMessage", file, "ForwarderHandler"));
    }

    private Stream<Place> outsideSteps(Route route) {
        return RouteFiles.below(route.place())
                .filter(step -> step.text("id").startsWith("to-") && step.node().has("uri"));
    }

    private Stream<Route> consumers(Target target) {
        return files.routes().stream()
                .filter(route -> target.isConsumedBy(Set.of(route.endpoint())));
    }

    /** By endpoint; a queue has the name that its consumer gives it, everything else the one that most senders do. */
    private Map<String, String> systemNames() {
        Map<String, String> names = new TreeMap<>();
        Map<String, List<String>> told = new TreeMap<>();
        for (Route route : files.routes()) {
            outsideSteps(route).forEach(step -> told.computeIfAbsent(key(step.text("uri")), key -> new ArrayList<>())
                    .add(line(route).target().replaceFirst(",.*", "")));
        }
        told.forEach((key, targets) -> names.put(key, targets.stream()
                .collect(groupingBy(name -> name, TreeMap::new, counting())).entrySet().stream()
                .max(Map.Entry.comparingByValue()).orElseThrow().getKey()));
        files.routes().stream().filter(route -> route.consumes().startsWith("aws2-sqs:"))
                .forEach(route -> names.put(key(route.consumes()), line(route).source()));
        return names;
    }

    private Party system(String key) {
        Party.Kind kind = key.startsWith("aws2-sqs:") ? Party.Kind.QUEUE
                : key.startsWith("jdbc:") ? Party.Kind.DATABASE : Party.Kind.SYSTEM;
        return new Party(systems.get(key), kind);
    }

    /** An endpoint without what differs between two requests to the same system. */
    private static String key(String uri) {
        Matcher placeholder = PLACEHOLDER.matcher(uri);
        return placeholder.matches() ? placeholder.group(1) : uri.replaceFirst("\\?.*", "");
    }

    /** The constant values of one variable or header, in the order of the steps that set it. */
    private static Stream<String> constants(Route route, String name) {
        return RouteFiles.below(route.place()).filter(step -> step.text("name").equals(name))
                .map(step -> step.child("expression").child("constant").text("expression"))
                .filter(value -> !value.isEmpty());
    }

    private static Line line(Route route) {
        String text = route.place().text("description");
        Matcher description = DESCRIPTION.matcher(text);
        if (!description.matches()) {
            throw new IllegalStateException(route + ": the description is not SOURCE -> TARGET: what it does.");
        }
        return new Line(boxOf(route).name(), route.id(), description.group(1), description.group(2),
                description.group(3));
    }

    private static Arrow arrow(Route route, Party from, Party to, String label, String method) {
        return new Arrow(from, to, label, method, path(route.place().file()), route.id());
    }

    private static Party boxOf(Route route) {
        return new Party(route.box(), Party.Kind.BOX);
    }

    private static String path(String file) {
        return "routes/" + file;
    }
}
