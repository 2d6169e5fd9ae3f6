package dev.voiceai.faults;

import dev.voiceai.faults.History.Accepted;
import dev.voiceai.faults.History.Attempt;
import dev.voiceai.faults.History.Dial;
import dev.voiceai.faults.History.Event;
import dev.voiceai.faults.History.Proof;
import dev.voiceai.faults.History.View;
import dev.voiceai.faults.Verdict.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Holds a history against what the system promises. It knows nothing of how the system works. */
final class HistoryChecker {
    private static final Set<String> OF_AN_ATTEMPT = Set.of("completed", "voicemail", "not_reached", "failed");
    private static final Set<String> UNSETTLED = Set.of("dialing", "unknown");
    /** A refusal is dated by the ledger, and binds others as soon as it has committed. */
    private static final Duration COMMIT_TAKES = Duration.ofSeconds(1);

    private final History history;
    private final Map<String, Accepted> accepted;
    private final Verdict verdict = new Verdict();

    private HistoryChecker(History history) {
        this.history = history;
        this.accepted = history.accepted().stream().collect(Collectors.toMap(Accepted::requestId, Function.identity()));
    }

    static Verdict check(History history) {
        var checker = new HistoryChecker(history);
        checker.count();
        checker.checkDials();
        checker.checkRequests();
        checker.checkConcurrency();
        checker.checkRate();
        checker.checkRetryAfter();
        checker.checkGate();
        checker.checkEvents();
        return checker.verdict;
    }

    private void count() {
        verdict.requests = accepted.size();
        verdict.attempts = history.views().values().stream().mapToInt(view -> view.attempts().size()).sum();
        verdict.dials = history.dials().size();
        verdict.placed = (int) history.dials().stream().filter(dial -> dial.callId() != null).count();
        verdict.withoutAnswer = (int) history.dials().stream().filter(dial -> dial.proof() == Proof.NONE).count();
        verdict.askedPerson = (int) history.views().values().stream().filter(View::askedPerson).count();
    }

    private void checkDials() {
        var dials = history.dials().stream().collect(Collectors.groupingBy(Dial::name, Collectors.counting()));
        verdict.mostDialsOfAnAttempt = dials.values().stream().mapToInt(Long::intValue).max().orElse(0);
        dials.forEach((attempt, times) -> {
            if (times > 1) {
                verdict.breaks(Promise.ONE_DIAL, attempt + " was dialed " + times + " times");
            }
        });
        for (Dial dial : history.dials()) {
            var view = history.views().get(dial.requestId());
            var attempt = view == null ? null : view.attempt(dial.attempt());
            if (!accepted.containsKey(dial.requestId())) {
                verdict.breaks(Promise.KNOWN_DIAL, dial.name() + " is of a request that nobody has been told of");
            } else if (attempt == null) {
                verdict.breaks(Promise.KNOWN_DIAL, dial.name() + " was dialed and the ledger has no such attempt");
            } else {
                checkTruth(dial, view, attempt);
            }
        }
    }

    private void checkTruth(Dial dial, View view, Attempt attempt) {
        if (attempt.state().equals("refused") && dial.proof() != Proof.REFUSED) {
            verdict.breaks(Promise.TRUTH, dial.name() + " is refused, but its dial was answered with " + dial.proof());
        }
        if (attempt.callId() != null && !attempt.callId().equals(dial.callId())) {
            verdict.breaks(Promise.TRUTH, dial.name() + " has a call that its dial did not place");
        }
        if (view.isFinal() && dial.callId() != null && attempt.callId() == null) {
            verdict.breaks(Promise.TRUTH, dial.name() + " rang, and its request has ended without the call");
        }
        if (dial.proof() == Proof.NONE && attempt.callId() == null && !view.askedPerson()) {
            verdict.breaks(Promise.NO_SILENT_UNKNOWN, dial.name() + " had no answer, and nobody was asked");
        }
    }

    private void checkRequests() {
        for (String requestId : accepted.keySet()) {
            var view = history.views().get(requestId);
            if (view == null) {
                verdict.breaks(Promise.NOT_LOST, requestId + " is not there");
            } else {
                if (!view.isFinal() && !(view.state().equals("unknown") && view.askedPerson())) {
                    verdict.breaks(Promise.NOT_LOST, requestId + " is " + view.state() + " and nobody was asked");
                }
                view.attempts().stream()
                        .filter(attempt -> UNSETTLED.contains(attempt.state()) && !view.askedPerson())
                        .forEach(attempt -> verdict.breaks(
                                Promise.NO_SILENT_UNKNOWN, requestId + "/" + attempt.no() + " is left " + attempt.state()));
            }
        }
    }

    /** Goes through the starts and ends of all calls; an end comes before a start of the same instant. */
    private void checkConcurrency() {
        record Step(Instant at, int change, String name) {}
        var steps = new ArrayList<Step>();
        for (Dial dial : history.dials()) {
            if (dial.callId() != null) {
                steps.add(new Step(dial.at(), 1, dial.name()));
                if (dial.endedAt() != null) {
                    steps.add(new Step(dial.endedAt(), -1, dial.name()));
                }
            }
        }
        steps.sort(Comparator.comparing(Step::at).thenComparing(Step::change));
        int live = 0;
        for (Step step : steps) {
            live += step.change();
            verdict.mostLive = Math.max(verdict.mostLive, live);
            if (step.change() > 0 && live > history.limits().concurrency()) {
                verdict.breaks(Promise.WITHIN_CONCURRENCY, step.name() + " made " + live + " calls at " + step.at());
            }
        }
    }

    /**
     * Dials that are meant to be a second's share apart, each late by no more than the jitter, put at most one more than
     * a second's worth into a second that is shorter by the jitter.
     */
    private void checkRate() {
        var starts = history.dials().stream().map(Dial::at).sorted().toList();
        var window = Duration.ofMillis(1000 - history.limits().jitterMs());
        int most = (int) Math.ceil(history.limits().callsPerSecond()) + 1;
        for (int i = 0; i + most < starts.size(); i++) {
            if (Duration.between(starts.get(i), starts.get(i + most)).compareTo(window) < 0) {
                verdict.breaks(Promise.WITHIN_RATE, "more than " + most + " dials within " + window + " of " + starts.get(i));
            }
        }
    }

    private void checkRetryAfter() {
        var silences = history.dials().stream().filter(dial -> dial.quietUntil() != null).toList();
        for (Dial dial : history.dials()) {
            var claimed = claimed(dial);
            for (Dial silence : silences) {
                if (claimed.isAfter(known(silence).plus(COMMIT_TAKES))
                        && dial.at().isAfter(silence.at())
                        && dial.at().isBefore(silence.quietUntil())) {
                    verdict.breaks(Promise.AFTER_RETRY_AFTER, dial.name() + " came at " + dial.at()
                            + " although Retell asked for silence from " + silence.at() + " to " + silence.quietUntil());
                    break;
                }
            }
        }
    }

    private void checkGate() {
        for (Dial dial : history.dials()) {
            var request = accepted.get(dial.requestId());
            if (request == null) {
                continue;
            }
            var claimed = claimed(dial);
            if (request.cancelledAt() != null && dial.at().isAfter(request.cancelledAt())) {
                verdict.breaks(Promise.GATE, dial.name() + " was dialed after its cancellation");
            }
            if (request.expiresAt() != null && claimed.isAfter(request.expiresAt())) {
                verdict.breaks(Promise.GATE, dial.name() + " was dialed after it had expired");
            }
            if (request.doNotCallAt() != null && claimed.isAfter(request.doNotCallAt())) {
                verdict.breaks(Promise.GATE, dial.name() + " was dialed although its number must not be called");
            }
            if (request.zone() != null) {
                int hour = claimed.atZone(ZoneId.of(request.zone())).getHour();
                if (hour < history.limits().windowStart() || hour >= history.limits().windowEnd()) {
                    verdict.breaks(Promise.GATE, dial.name() + " was dialed in hour " + hour + " of " + request.zone());
                }
            }
        }
    }

    /** When the attempt was decided on: the dial itself may leave seconds later, at its turn. */
    private Instant claimed(Dial dial) {
        var view = history.views().get(dial.requestId());
        var attempt = view == null ? null : view.attempt(dial.attempt());
        return attempt == null ? dial.at() : attempt.dialingAt();
    }

    /** When the ledger learned of a refusal, which an overloaded machine may do late. */
    private Instant known(Dial refused) {
        var view = history.views().get(refused.requestId());
        var attempt = view == null ? null : view.attempt(refused.attempt());
        return attempt == null || attempt.refusedAt() == null ? refused.at() : attempt.refusedAt();
    }

    private void checkEvents() {
        Map<String, List<Event>> byRequest = new HashMap<>();
        var seen = new HashSet<String>();
        for (Event event : history.events()) {
            if (seen.add(event.id())) {
                byRequest.computeIfAbsent(event.requestId(), none -> new ArrayList<>()).add(event);
            }
        }
        history.views().forEach((requestId, view) -> checkEvents(view, byRequest.getOrDefault(requestId, List.of())));
    }

    private void checkEvents(View view, List<Event> events) {
        var ofAttempts = new LinkedHashMap<Integer, List<String>>();
        for (Event event : events) {
            if (OF_AN_ATTEMPT.contains(event.type())) {
                ofAttempts.computeIfAbsent(event.attempt(), none -> new ArrayList<>()).add("closed");
            } else if (event.type().equals("initiated") || event.type().equals("started")) {
                ofAttempts.computeIfAbsent(event.attempt(), none -> new ArrayList<>()).add(event.type());
            }
        }
        ofAttempts.forEach((no, types) -> {
            if (!List.of("initiated", "started", "closed").stream().filter(types::contains).toList().equals(types)) {
                verdict.breaks(Promise.EVENTS, view.requestId() + "/" + no + " sent " + types);
            }
        });
        for (Attempt attempt : view.attempts()) {
            var types = ofAttempts.getOrDefault(attempt.no(), List.of());
            if (attempt.callId() != null && !types.contains("initiated")) {
                verdict.breaks(Promise.EVENTS, view.requestId() + "/" + attempt.no() + " was placed without an event");
            }
            if (attempt.state().equals("analyzed") && !types.contains("closed")) {
                verdict.breaks(Promise.EVENTS, view.requestId() + "/" + attempt.no() + " was analyzed without an event");
            }
        }
        long closing = events.stream()
                .filter(event -> OF_AN_ATTEMPT.contains(event.type()) || event.type().equals("not_placed"))
                .count();
        if (view.isFinal() && closing == 0) {
            verdict.breaks(Promise.EVENTS, view.requestId() + " is " + view.state() + " without a closing event");
        }
        if (view.state().equals("unknown") && events.stream().noneMatch(event -> event.type().equals("unknown"))) {
            verdict.breaks(Promise.EVENTS, view.requestId() + " is unknown without an event");
        }
    }
}
