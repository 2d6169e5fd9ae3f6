package dev.voiceai.docs;

import dev.voiceai.routes.RouteMap;
import dev.voiceai.routes.RouteMap.Arrow;
import dev.voiceai.routes.RouteMap.Event;
import dev.voiceai.routes.RouteMap.Line;
import dev.voiceai.routes.RouteMap.Party;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The parts of docs/architecture.md that are made of the route files, each between {@code <!-- generated: name -->} and
 * {@code <!-- end -->}.
 */
final class RoutesPage {
    private static final Pattern PART = Pattern.compile("(?s)(<!-- generated: ([\\w-]+) -->\n).*?(<!-- end -->)");
    private static final Party LEDGER = new Party("ledger", Party.Kind.BOX);
    private static final Party OUTBOX = new Party("outbox", Party.Kind.BOX);
    private static final Party ABT = new Party("abt", Party.Kind.BOX);
    private static final Set<Party> SHARED = Set.of(LEDGER, OUTBOX, ABT);

    private final RouteMap map;
    private final Map<String, String> triggers;

    /** @param triggers when each type of activity event is sent, in words, in the order in which to list them */
    RoutesPage(RouteMap map, Map<String, String> triggers) {
        this.map = map;
        this.triggers = triggers;
    }

    /** The same page with its generated parts as the routes are now. */
    String renew(String page) {
        Map<String, String> parts = parts();
        Matcher found = PART.matcher(page);
        StringBuilder renewed = new StringBuilder();
        while (found.find()) {
            String part = parts.remove(found.group(2));
            if (part == null) {
                throw new IllegalStateException("nothing is generated, or twice, for the marker " + found.group(2));
            }
            found.appendReplacement(renewed, Matcher.quoteReplacement(found.group(1) + part + found.group(3)));
        }
        if (!parts.isEmpty()) {
            throw new IllegalStateException("the page has no marker for " + parts.keySet());
        }
        return found.appendTail(renewed).toString();
    }

    private Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("flow", mermaid(flow()));
        parts.put("calls", mermaid(calls()));
        parts.put("components", components());
        parts.put("integration-points", integrationPoints());
        parts.put("events", events());
        parts.put("webhooks", webhooks());
        parts.put("routes", routes());
        return parts;
    }

    /** Everything that leaves a box for another system, and what the boxes do with ledger and outbox. */
    private String flow() {
        var chart = new Flowchart();
        map.outside().forEach(arrow -> chart.arrow(arrow.from(), arrow.to(), arrow.label()));
        Stream<Party> callers = map.calls().stream().filter(call -> call.to().equals(LEDGER)).map(Arrow::from);
        Stream<Party> writers = map.ledgerBoxes().stream().map(box -> new Party(box, Party.Kind.BOX));
        Stream.concat(callers, writers).distinct().filter(box -> !SHARED.contains(box))
                .sorted(Comparator.comparing(Party::name))
                .forEach(box -> chart.arrow(box, LEDGER, ""));
        orderedEvents().forEach(event -> event.sentBy()
                .forEach(route -> chart.arrow(new Party(route.box(), Party.Kind.BOX), ABT, event.name())));
        map.sinks().forEach(sink -> chart.arrow(sink.from(), sink.to(), sink.label()));
        map.calls().stream().filter(call -> call.from().equals(OUTBOX))
                .forEach(call -> chart.arrow(call.from(), call.to(), call.label()));
        return chart.text(timers());
    }

    /** Which box needs which, apart from those that most need and that the flow shows. */
    private String calls() {
        var chart = new Flowchart();
        map.calls().stream().filter(call -> !SHARED.contains(call.to()) && !call.from().equals(OUTBOX))
                .forEach(call -> chart.arrow(call.from(), call.to(), call.label()));
        return chart.text(Map.of());
    }

    private Map<Party, String> timers() {
        Map<Party, String> notes = new HashMap<>();
        for (String box : map.boxes().keySet()) {
            long timers = map.timers(box);
            if (timers > 0) {
                notes.put(new Party(box, Party.Kind.BOX), timers + (timers == 1 ? " timer" : " timers"));
            }
        }
        return notes;
    }

    private String components() {
        List<Arrow> arrows = Stream.of(map.outside(), map.sinks(), map.calls()).flatMap(List::stream).toList();
        var rows = new StringBuilder();
        map.seed().forEach((program, route) -> {
            Party box = new Party(route.box(), Party.Kind.BOX);
            rows.append(component(code(program), box, linked(box.name(), "../" + map.boxes().get(box.name())), arrows));
        });
        map.lambda().forEach(lambda -> rows.append(
                component("Lambda", lambda, linked("lambda-forwarder", "../lambda-forwarder/template.yaml"), arrows)));
        return "| In the seed | Component | Takes from | Gives to |\n|---|---|---|---|\n" + rows;
    }

    private static String component(String seed, Party party, String link, List<Arrow> arrows) {
        return row(seed, link, names(arrows.stream().filter(arrow -> arrow.to().equals(party)).map(Arrow::from)),
                names(arrows.stream().filter(arrow -> arrow.from().equals(party)).map(Arrow::to)));
    }

    private static String names(Stream<Party> parties) {
        return parties.map(Party::name).distinct().sorted().collect(Collectors.joining(", "));
    }

    private String integrationPoints() {
        var rows = new StringBuilder();
        Stream.concat(map.outside().stream(), map.sinks().stream())
                .collect(Collectors.groupingBy(arrow -> List.of(arrow.from(), arrow.to()), LinkedHashMap::new,
                        Collectors.toList()))
                .values().forEach(same -> rows.append(row(same.get(0).from().name(), same.get(0).to().name(),
                        all(same, arrow -> escaped(arrow.method())),
                        all(same, arrow -> linked(arrow.route(), "../" + arrow.file())))));
        return "| Source | Target | Method | Routes |\n|---|---|---|---|\n" + rows;
    }

    private static String all(Collection<Arrow> arrows, Function<Arrow, String> cell) {
        return arrows.stream().map(cell).distinct().collect(Collectors.joining("<br>"));
    }

    private String events() {
        return "| Event | Type | Trigger | Sent by |\n|---|---|---|---|\n" + orderedEvents()
                .map(event -> row(event.name(), code(event.type()), triggers.getOrDefault(event.type(), ""),
                        event.sentBy().stream().map(this::linked).collect(Collectors.joining("<br>"))))
                .collect(Collectors.joining());
    }

    private Stream<Event> orderedEvents() {
        List<String> order = List.copyOf(triggers.keySet());
        return map.events().stream().sorted(Comparator.comparing(event -> order.indexOf(event.type())));
    }

    private String webhooks() {
        return "| Event | What it does | Route |\n|---|---|---|\n" + map.webhooks().stream()
                .map(webhook -> row(webhook.event().equals("*") ? "any other" : code(webhook.event()),
                        escaped(webhook.route().what()), linked(webhook.route())))
                .collect(Collectors.joining());
    }

    private String routes() {
        Map<String, List<Line>> lines = map.lines().stream().collect(Collectors.groupingBy(Line::box));
        return map.boxes().entrySet().stream().filter(box -> lines.containsKey(box.getKey()))
                .map(box -> "\n### " + box.getKey() + "\n| Route | From → to | What it does |\n|---|---|---|\n"
                        + lines.get(box.getKey()).stream()
                                .map(line -> row(linked(line), escaped(line.source() + " → " + line.target()),
                                        escaped(line.what())))
                                .collect(Collectors.joining()))
                .collect(Collectors.joining("", "", "\n"));
    }

    private String linked(Line route) {
        return linked(route.id(), "../" + map.boxes().get(route.box()));
    }

    private static String linked(String name, String file) {
        return "[" + code(name) + "](" + file + ")";
    }

    private static String mermaid(String chart) {
        return "```mermaid\n" + chart + "```\n";
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String escaped(String text) {
        return text.replace("<", "\\<").replace("|", "\\|");
    }
}
