package dev.voiceai.docs;

import dev.voiceai.routes.RouteMap.Party;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A flowchart in Mermaid's words. Arrows between the same two ends are one, with all their labels. */
final class Flowchart {
    /** More labels than this make an arrow unreadable; the tables have them all. */
    private static final int LABELS = 3;

    private record Ends(Party from, Party to) {}

    private final Map<Ends, Set<String>> arrows = new LinkedHashMap<>();

    /** @param label empty for an arrow without one */
    void arrow(Party from, Party to, String label) {
        Set<String> labels = arrows.computeIfAbsent(new Ends(from, to), ends -> new LinkedHashSet<>());
        if (!label.isEmpty()) {
            labels.add(label);
        }
    }

    /** @param notes what is added to a party's name, by party */
    String text(Map<Party, String> notes) {
        Set<Party> parties = new LinkedHashSet<>();
        arrows.keySet().forEach(ends -> parties.addAll(List.of(ends.from(), ends.to())));
        String nodes = parties.stream().map(party -> "    " + node(party, notes.getOrDefault(party, "")) + "\n")
                .collect(Collectors.joining());
        String edges = arrows.entrySet().stream()
                .map(arrow -> "    " + id(arrow.getKey().from()) + " -->" + label(List.copyOf(arrow.getValue())) + " "
                        + id(arrow.getKey().to()) + "\n")
                .collect(Collectors.joining());
        return "flowchart LR\n    classDef box stroke-width:3px\n" + nodes + edges;
    }

    private static String node(Party party, String note) {
        String text = "\"" + escaped(party.name()) + (note.isEmpty() ? "" : "<br/>" + escaped(note)) + "\"";
        return id(party) + switch (party.kind()) {
            case BOX -> "[" + text + "]:::box";
            case QUEUE -> "[/" + text + "/]";
            case DATABASE -> "[(" + text + ")]";
            case SYSTEM -> "([" + text + "])";
        };
    }

    private static String label(List<String> labels) {
        if (labels.isEmpty()) {
            return "";
        }
        List<String> shown = new ArrayList<>(labels);
        if (shown.size() > LABELS) {
            shown = new ArrayList<>(labels.subList(0, LABELS - 1));
            shown.add((labels.size() - shown.size()) + " more");
        }
        return "|\"" + shown.stream().map(Flowchart::escaped).collect(Collectors.joining("<br/>")) + "\"|";
    }

    /** Starts with the kind, so that no id is a word of Mermaid's own, and a box may be called as a system is. */
    private static String id(Party party) {
        return party.kind().name().toLowerCase() + "_" + party.name().toLowerCase().replaceAll("\\W+", "_");
    }

    private static String escaped(String text) {
        return text.replace("\"", "'").replace("<", "&lt;").replace(">", "&gt;");
    }
}
