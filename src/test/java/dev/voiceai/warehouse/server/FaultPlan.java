package dev.voiceai.warehouse.server;

import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/** What goes wrong next, and what goes wrong until it is called off. Descriptions of statements are never hit. */
public final class FaultPlan {

    private final Deque<Fault> next = new ConcurrentLinkedDeque<>();
    private volatile Fault always;
    private volatile boolean loginsUnavailable;
    private volatile boolean repeatsRunAgain;

    /** Hits the next statements with one fault each. */
    public void next(Fault... faults) {
        next.addAll(List.of(faults));
    }

    /** Hits every statement from now on. */
    public void always(Fault fault) {
        always = fault;
    }

    /** Answers logins with HTTP 503 from now on. */
    public void loginsUnavailable() {
        loginsUnavailable = true;
    }

    /**
     * Runs a request again that comes a second time with its requestId. Snowflake gives it the first one's answer, but
     * there are reports that it did not.
     */
    public void repeatsRunAgain() {
        repeatsRunAgain = true;
    }

    /** Nothing goes wrong any more. */
    public void clear() {
        next.clear();
        always = null;
        loginsUnavailable = false;
        repeatsRunAgain = false;
    }

    /** Whether every planned single fault has happened. */
    public boolean isUsedUp() {
        return next.isEmpty();
    }

    Optional<Fault> take() {
        var fault = next.poll();
        return Optional.ofNullable(fault == null ? always : fault);
    }

    boolean hasNoLogins() {
        return loginsUnavailable;
    }

    boolean runsRepeatsAgain() {
        return repeatsRunAgain;
    }
}
