package dev.voiceai.faults;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a history shows: the sizes of the run, and everything in it that must not be. */
final class Verdict {
    /** The promises, each counted by how often it was broken. */
    enum Promise {
        /** At most one create-phone-call for an attempt. */
        ONE_DIAL("dialed twice"),
        /** Every dial is of a request that was accepted and of an attempt that the ledger has. */
        KNOWN_DIAL("unclaimed"),
        /** Every accepted request is final, or waits for a person who has been asked. */
        NOT_LOST("lost"),
        /** Every attempt without a definite answer was cleared up, or a person has been asked. */
        NO_SILENT_UNKNOWN("silent"),
        /** What the ledger says of a call is what Retell did. */
        TRUTH("untrue"),
        WITHIN_CONCURRENCY("over lines"),
        WITHIN_RATE("over rate"),
        AFTER_RETRY_AFTER("too early"),
        /** No dial that the gate should have stopped. */
        GATE("past gate"),
        /** Each event once and in its order, the closing one above all. */
        EVENTS("events");

        final String title;

        Promise(String title) {
            this.title = title;
        }
    }

    private final Map<Promise, List<String>> broken = new EnumMap<>(Promise.class);
    int requests;
    int attempts;
    int dials;
    int placed;
    int withoutAnswer;
    int askedPerson;
    int mostDialsOfAnAttempt;
    int mostLive;

    void breaks(Promise promise, String how) {
        broken.computeIfAbsent(promise, none -> new ArrayList<>()).add(how);
    }

    int count(Promise promise) {
        return broken.getOrDefault(promise, List.of()).size();
    }

    /** Each broken promise with how it was broken; empty when all were kept. */
    List<String> violations() {
        return broken.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(how -> entry.getKey() + ": " + how))
                .toList();
    }
}
