package dev.voiceai.faults;

import dev.voiceai.faults.History.Event;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Holds what a disturbed run left behind against what a clean run of the same calls did. */
final class EventsChecker {
    /** The ways to differ. */
    enum Difference {
        MISSING_ROW("missing"),
        EXTRA_ROW("too many"),
        /** A row that is there in both and says something else. */
        OTHER_VALUE("other"),
        MISSING_EVENT("not sent"),
        EXTRA_EVENT("sent too"),
        /** Initiated, started, closing; and as in the clean run. */
        EVENT_ORDER("order"),
        /** One closing event for each attempt, and for each call that nobody asked for. */
        CLOSING("closing"),
        /** Rows of the outbox and dead letters that stay. */
        LEFT_OVER("left over");

        final String title;

        Difference(String title) {
            this.title = title;
        }
    }

    private static final List<String> ORDER = List.of("initiated", "started");
    private static final Set<String> CLOSING = Set.of("completed", "voicemail", "not_reached", "failed");
    private static final Set<String> OF_EVENTS = Set.of(StoredTable.CALL_EVENT.title(), StoredTable.CALL_EVENTS.title());
    /** What reconcile notes of a call that was placed and no more. Retell has no such event. */
    private static final String REGISTERED = "/call_registered";
    private static final int SHOWN = 120;

    private final Facts clean;
    private final Facts run;
    private final Set<String> untold;
    private final Map<Difference, List<String>> found = new EnumMap<>(Difference.class);

    private EventsChecker(Facts clean, Facts run, Set<String> untold) {
        this.clean = clean;
        this.run = run;
        this.untold = untold;
    }

    /**
     * @param untold the events, call_id/event, that never reached the application: the row that says that one came may
     *     be missing, everything that it told may not
     * @return each kind of difference with what differs; none when all is the same
     */
    static Map<Difference, List<String>> compare(Facts clean, Facts run, Set<String> untold) {
        var checker = new EventsChecker(clean, run, untold);
        var tables = new TreeSet<>(clean.tables().keySet());
        tables.addAll(run.tables().keySet());
        tables.forEach(checker::compareTable);
        checker.compareEvents();
        checker.checkOrder();
        run.leftOver().forEach((what, count) -> {
            if (count > 0) {
                checker.add(Difference.LEFT_OVER, count + " " + what);
            }
        });
        return checker.found;
    }

    private void add(Difference kind, String what) {
        found.computeIfAbsent(kind, none -> new ArrayList<>()).add(what);
    }

    private void compareTable(String table) {
        var expected = clean.table(table);
        var actual = run.table(table);
        var keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        for (String key : keys) {
            var before = expected.get(key);
            var after = actual.get(key);
            if (before != null && after != null) {
                compareRow(table + " " + key, before, after);
            } else if (!(OF_EVENTS.contains(table) && (untold.contains(withoutCount(key)) || key.endsWith(REGISTERED)))) {
                add(before == null ? Difference.EXTRA_ROW : Difference.MISSING_ROW, table + " " + key);
            }
        }
    }

    /** The key of an event that came with several contents, of which each has a row. */
    private static String withoutCount(String key) {
        return key.replaceFirst("#\\d+$", "");
    }

    private void compareRow(String name, Map<String, String> before, Map<String, String> after) {
        var columns = new TreeSet<>(before.keySet());
        columns.addAll(after.keySet());
        for (String column : columns) {
            if (!Objects.equals(before.get(column), after.get(column))) {
                int from = Math.max(0, common(before.get(column), after.get(column)) - SHOWN / 4);
                add(Difference.OTHER_VALUE,
                        name + " " + column + ": " + shown(before.get(column), from) + " became " + shown(after.get(column), from));
            }
        }
    }

    /** How much the two have in common from their start. */
    private static int common(String before, String after) {
        int length = before == null || after == null ? 0 : Math.min(before.length(), after.length());
        int same = 0;
        while (same < length && before.charAt(same) == after.charAt(same)) {
            same++;
        }
        return same;
    }

    private static String shown(String value, int from) {
        return value == null ? null : value.substring(from, Math.min(value.length(), from + SHOWN));
    }

    /** Ids in the order of their first arrival, by subject. */
    private static Map<String, Map<String, Event>> bySubject(Facts facts) {
        var subjects = new LinkedHashMap<String, Map<String, Event>>();
        for (Event event : facts.events()) {
            subjects.computeIfAbsent(event.requestId(), none -> new LinkedHashMap<>()).putIfAbsent(event.id(), event);
        }
        return subjects;
    }

    private void compareEvents() {
        var expected = bySubject(clean);
        var actual = bySubject(run);
        var subjects = new TreeSet<>(expected.keySet());
        subjects.addAll(actual.keySet());
        for (String subject : subjects) {
            var before = expected.getOrDefault(subject, Map.of());
            var after = actual.getOrDefault(subject, Map.of());
            before.forEach((id, event) -> {
                if (!after.containsKey(id)) {
                    add(Difference.MISSING_EVENT, subject + " " + event.type() + " " + id);
                }
            });
            after.forEach((id, event) -> {
                if (!before.containsKey(id)) {
                    add(Difference.EXTRA_EVENT, subject + " " + event.type() + " " + id);
                }
            });
            if (before.keySet().equals(after.keySet()) && !List.copyOf(before.keySet()).equals(List.copyOf(after.keySet()))) {
                add(Difference.EVENT_ORDER, subject + " had " + types(before) + " and has " + types(after));
            }
        }
    }

    private static List<String> types(Map<String, Event> events) {
        return events.values().stream().map(Event::type).toList();
    }

    /** What holds without a clean run too. */
    private void checkOrder() {
        bySubject(run).forEach((subject, events) -> {
            var attempts = new LinkedHashMap<Integer, List<String>>();
            events.values().stream().filter(event -> ORDER.contains(event.type()) || CLOSING.contains(event.type())).forEach(event ->
                    attempts.computeIfAbsent(event.attempt(), none -> new ArrayList<>()).add(event.type()));
            attempts.forEach((attempt, types) -> {
                long closing = types.stream().filter(CLOSING::contains).count();
                if (closing != 1) {
                    add(Difference.CLOSING, subject + "/" + attempt + " has " + closing + " closing events: " + types);
                }
                var ranks = types.stream().map(EventsChecker::rank).toList();
                if (!ranks.equals(ranks.stream().sorted().toList())) {
                    add(Difference.EVENT_ORDER, subject + "/" + attempt + " sent " + types);
                }
            });
        });
    }

    private static int rank(String type) {
        int rank = ORDER.indexOf(type);
        return rank >= 0 ? rank : ORDER.size();
    }
}
