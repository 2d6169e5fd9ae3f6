package dev.voiceai.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Prints the tables of all scenarios when the last test of the JVM has ended. */
final class FaultTable implements BeforeAllCallback, ExtensionContext.Store.CloseableResource {
    private static final String NUMBERS = "%-26s %10s %5s %8s %8s %5s %9s %6s %9s %13s";
    private static final String TITLES = NUMBERS.formatted(
            "scenario", "seed", "kills", "requests", "attempts", "dials", "no answer", "person", "most live", "dials/attempt")
            + Arrays.stream(Verdict.Promise.values()).map(promise -> promise.title).collect(Collectors.joining("  ", " | ", ""));
    /** The rows by the titles above them. */
    private static final Map<String, List<String>> TABLES = new LinkedHashMap<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).getOrComputeIfAbsent(FaultTable.class);
    }

    static void add(String scenario, long seed, int kills, Verdict verdict) {
        var numbers = NUMBERS.formatted(scenario, seed, kills, verdict.requests, verdict.attempts, verdict.dials,
                verdict.withoutAnswer, verdict.askedPerson, verdict.mostLive, verdict.mostDialsOfAnAttempt);
        var broken = Arrays.stream(Verdict.Promise.values())
                .map(promise -> ("%" + promise.title.length() + "d").formatted(verdict.count(promise)))
                .collect(Collectors.joining("  ", " | ", ""));
        add(TITLES, numbers + broken);
    }

    /** @param titles of the table's columns; a table that has them already goes on */
    static void add(String titles, String row) {
        synchronized (TABLES) {
            TABLES.computeIfAbsent(titles, none -> new ArrayList<>()).add(row);
        }
    }

    @Override
    public void close() {
        synchronized (TABLES) {
            TABLES.forEach((titles, rows) -> System.out.println(
                    "\nFaults: what was done, and how often what must not be was seen\n" + titles + "\n" + String.join("\n", rows) + "\n"));
        }
    }
}
