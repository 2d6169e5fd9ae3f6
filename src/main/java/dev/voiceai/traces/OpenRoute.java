package dev.voiceai.traces;

import io.opentelemetry.api.trace.Span;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * A route that is at work on an exchange, with its spans. It is kept on the exchange and not on the thread, since steps
 * may go on elsewhere. A copy of the exchange (split, seda) gets it too, but there it is not at work: a relay that wakes
 * itself by a copy would else hold on to all that went before.
 */
final class OpenRoute {
    private static final String PROPERTY = "VoiceAiOpenRoute";
    /** Where routes keep the HTTP status of an answer that is no failure to them. */
    private static final List<String> STATUS_VARIABLES = List.of("dialStatus", "answerStatus");

    final RouteSpan policy;
    private final Exchange owner;
    /** Null for the first route of an exchange. */
    private final OpenRoute caller;
    private final Object callersContext;
    private final List<Object> earlierStatuses;
    private final Instant begunAt = Instant.now();
    private List<Part> parts;
    private Throwable settled;

    /**
     * One span of a route.
     *
     * @param rows of the outbox that it is about, by id; empty for a route that works on one thing
     */
    record Part(Span span, List<Object> rows) {}

    private OpenRoute(Exchange owner, RouteSpan policy, List<Part> parts) {
        this.owner = owner;
        this.policy = policy;
        this.parts = parts;
        caller = of(owner);
        callersContext = owner.getVariable(TraceContext.NAME);
        earlierStatuses = STATUS_VARIABLES.stream().map(owner::getVariable).toList();
        settled = caught();
    }

    static OpenRoute begin(Exchange exchange, RouteSpan policy, List<Part> parts) {
        var open = new OpenRoute(exchange, policy, parts);
        exchange.setProperty(PROPERTY, open);
        open.tell();
        return open;
    }

    /** The innermost one of an exchange, null where it has none of its own. */
    static OpenRoute of(Exchange exchange) {
        var open = exchange.getProperty(PROPERTY, OpenRoute.class);
        return open != null && open.owner == exchange ? open : null;
    }

    boolean isOutermost() {
        return caller == null;
    }

    List<Part> parts() {
        return parts;
    }

    /** Moves the span into another trace, which it turns out to belong to: the one that never ends is never sent. */
    void moveTo(String traceparent) {
        parts = List.of(new Part(policy.span(traceparent, begunAt), List.of()));
        tell();
    }

    /** From here on this span is what the exchange belongs to. */
    private void tell() {
        if (parts.size() == 1 && parts.get(0).rows().isEmpty()) {
            owner.setVariable(TraceContext.NAME, TraceContext.format(parts.get(0).span()));
        }
    }

    /** What failed in this route, whether or not it was dealt with here; null for nothing. */
    Throwable failure() {
        if (owner.getException() != null) {
            return owner.getException();
        }
        var caught = caught();
        return caught == settled ? null : caught;
    }

    private Throwable caught() {
        return owner.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    }

    /** The status that came in while this route was at work, null for none. */
    Object newStatus() {
        for (int i = 0; i < STATUS_VARIABLES.size(); i++) {
            var status = owner.getVariable(STATUS_VARIABLES.get(i));
            if (status != null && !status.equals(earlierStatuses.get(i))) {
                return status;
            }
        }
        return null;
    }

    /** Gives the exchange back to the route that called this one. */
    void end() {
        if (caller == null) {
            owner.removeProperty(PROPERTY);
        } else {
            owner.setProperty(PROPERTY, caller);
        }
        if (callersContext == null) {
            owner.removeVariable(TraceContext.NAME);
        } else {
            owner.setVariable(TraceContext.NAME, callersContext);
        }
        if (caller != null && owner.getException() == null && caught() != settled) {
            // Dealt with in here, so it is no failure of the caller.
            caller.settled = caught();
        }
    }
}
