package dev.voiceai.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Prints one table of all scenarios when the last test of the JVM has ended. */
final class FaultTable implements BeforeAllCallback, ExtensionContext.Store.CloseableResource {
    private static final String NUMBERS = "%-26s %10s %5s %8s %8s %5s %9s %6s %9s %13s";
    private static final String TITLES = NUMBERS.formatted(
            "scenario", "seed", "kills", "requests", "attempts", "dials", "no answer", "person", "most live", "dials/attempt");
    private static final List<String> ROWS = new ArrayList<>();

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
        synchronized (ROWS) {
            ROWS.add(numbers + broken);
        }
    }

    @Override
    public void close() {
        var promises = Arrays.stream(Verdict.Promise.values()).map(promise -> promise.title).collect(Collectors.joining("  ", " | ", ""));
        synchronized (ROWS) {
            System.out.println("\nFaults: what was done, and how often each promise was broken\n" + TITLES + promises + "\n"
                    + String.join("\n", ROWS) + "\n");
        }
    }
}
