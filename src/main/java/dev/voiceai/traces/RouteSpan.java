package dev.voiceai.traces;

import dev.voiceai.ledger.Failures;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Makes the spans of one route. A span begins
 * <ul>
 *   <li>where work comes in, in the trace that its {@code traceparent} names (HTTP header, message attribute), else in
 *       a new one,
 *   <li>where the exchange belongs to a trace already (variable {@code traceparent}),
 *   <li>where the body is a row of the ledger that has a {@code traceparent},
 *   <li>and, in a step to another system with many rows of the outbox (variable {@code rows}), once for each of their
 *       traces.
 * </ul>
 * A timer or relay that looks for work makes none. While the route runs, the variable {@code traceparent} is the span's
 * own context.
 *
 * <p>A span tells which route and box, which request, attempt and call, an HTTP status and the class of a failure.
 * Whatever else an exchange holds may name a person.
 */
final class RouteSpan extends RoutePolicySupport {
    private static final AttributeKey<String> BOX = AttributeKey.stringKey("box");
    private static final AttributeKey<Long> ROWS = AttributeKey.longKey("rows");
    private static final AttributeKey<Long> HTTP_STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("peer.service");
    private static final String WOKEN_WITH = "VoiceAiWokenWith";
    private static final Pattern STATUS = Pattern.compile("[1-5]\\d\\d");
    /** The caller of an API may have put anything in the place of an id. */
    private static final Identifier REQUEST =
            new Identifier("request_id", Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
    /** Of an outbox row: the type of an activity event, say. */
    private static final Identifier KIND = new Identifier("kind", Pattern.compile("[a-z]+([._-][a-z]+){0,5}"));
    private static final Map<String, Identifier> VARIABLES = Map.of(
            "requestId", REQUEST,
            "attempt", new Identifier("attempt", Pattern.compile("\\d{1,4}")),
            "callId", new Identifier("call_id", Pattern.compile("call_[0-9A-Za-z_]{8,120}")),
            "event", new Identifier("event", Pattern.compile("[a-z]+(_[a-z]+){0,5}")));

    private final TracedRoute traced;
    private final Tracer tracer;
    private final Failures failures;

    /** @param form what is told of it, and nothing else */
    private record Identifier(String attribute, Pattern form) {
        void addTo(Span span, Object value) {
            if (value != null && form.matcher(value.toString()).matches()) {
                span.setAttribute(attribute, value.toString());
            }
        }
    }

    RouteSpan(TracedRoute traced, Tracer tracer, Failures failures) {
        this.traced = traced;
        this.tracer = tracer;
        this.failures = failures;
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        if (traced.source() == TracedRoute.Source.RELAY) {
            // It takes what is due, which is seldom what the one who woke it has at hand.
            exchange.removeVariable(TraceContext.NAME);
            exchange.setProperty(WOKEN_WITH, exchange.getMessage().getBody());
        }
        var parts = parts(exchange);
        if (!parts.isEmpty() && OpenRoute.begin(exchange, this, parts).isOutermost()) {
            exchange.getExchangeExtension().addOnCompletion(new Leftovers());
        }
    }

    private List<OpenRoute.Part> parts(Exchange exchange) {
        var context = exchange.getVariable(TraceContext.NAME);
        if (context == null && traced.takesWorkIn()) {
            return List.of(part(exchange.getMessage().getHeader(TraceContext.NAME)));
        }
        if (context == null
                && exchange.getMessage().getBody() instanceof Map<?, ?> row
                && row != exchange.getProperty(WOKEN_WITH)
                && row.get(TraceContext.NAME) != null) {
            return List.of(partOfRow(row));
        }
        if (context != null) {
            return List.of(part(context));
        }
        return traced.system() != null && exchange.getVariable("rows") instanceof Collection<?> rows
                ? partsOfTraces(rows)
                : List.of();
    }

    private OpenRoute.Part part(Object traceparent) {
        return new OpenRoute.Part(span(traceparent, Instant.now()), List.of());
    }

    private OpenRoute.Part partOfRow(Map<?, ?> row) {
        var part = part(row.get(TraceContext.NAME));
        REQUEST.addTo(part.span(), row.get("stream"));
        KIND.addTo(part.span(), row.get("kind"));
        return part;
    }

    Span span(Object traceparent, Instant begunAt) {
        var span = tracer.spanBuilder(traced.name())
                .setParent(TraceContext.parse(traceparent))
                .setSpanKind(traced.kind())
                .setStartTimestamp(begunAt)
                .startSpan();
        if (traced.box() != null) {
            span.setAttribute(BOX, traced.box());
        }
        if (traced.system() != null) {
            span.setAttribute(PEER, traced.system());
        }
        return span;
    }

    private List<OpenRoute.Part> partsOfTraces(Collection<?> rows) {
        Map<String, List<Map<?, ?>>> byTrace = new LinkedHashMap<>();
        for (Object row : rows) {
            if (row instanceof Map<?, ?> columns) {
                var traceId = TraceContext.traceId(columns.get(TraceContext.NAME));
                if (traceId != null) {
                    byTrace.computeIfAbsent(traceId, any -> new ArrayList<>()).add(columns);
                }
            }
        }
        return byTrace.values().stream().map(this::partOfRows).toList();
    }

    private OpenRoute.Part partOfRows(List<Map<?, ?>> rows) {
        var first = rows.get(0);
        var span = span(first.get(TraceContext.NAME), Instant.now());
        REQUEST.addTo(span, first.get("stream"));
        span.setAttribute(ROWS, rows.size());
        return new OpenRoute.Part(span, rows.stream().<Object>map(row -> row.get("id")).toList());
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        var open = OpenRoute.of(exchange);
        if (open != null && open.policy == this) {
            end(open, exchange);
        }
    }

    private void end(OpenRoute open, Exchange exchange) {
        var failure = open.failure();
        for (OpenRoute.Part part : open.parts()) {
            if (part.rows().isEmpty()) {
                VARIABLES.forEach((variable, identifier) -> identifier.addTo(part.span(), exchange.getVariable(variable)));
                judge(part.span(), failure, status(open, exchange, failure));
            } else {
                judge(part, failure, exchange);
            }
            part.span().end();
        }
        open.end();
    }

    private void judge(Span span, Throwable failure, Long status) {
        if (status != null) {
            span.setAttribute(HTTP_STATUS, status);
        }
        if (failure != null) {
            span.setAttribute(ERROR_TYPE, failure.getClass().getSimpleName());
            span.setStatus(StatusCode.ERROR, failures.describe(failure));
        } else if (status != null && status >= (traced.kind() == SpanKind.SERVER ? 500 : 400)) {
            span.setAttribute(ERROR_TYPE, status.toString());
            span.setStatus(StatusCode.ERROR, "HTTP " + status);
        }
    }

    /** A route that parks rows tells what it refused; the others have arrived, whatever it took to find that one. */
    private void judge(OpenRoute.Part part, Throwable failure, Exchange exchange) {
        if (exchange.getException() != null || !(exchange.getVariable("parkedRows") instanceof Collection<?> parkedRows)) {
            judge(part.span(), failure, null);
            return;
        }
        for (Object parked : parkedRows) {
            if (parked instanceof Map<?, ?> row && part.rows().contains(row.get("id"))) {
                part.span().setStatus(StatusCode.ERROR, String.valueOf(row.get("error")));
            }
        }
    }

    /** The HTTP status of the answer that was given or got, null for none. */
    private Long status(OpenRoute open, Exchange exchange, Throwable failure) {
        Object status = null;
        if (failure instanceof HttpOperationFailedException answered) {
            status = answered.getStatusCode();
        } else if (traced.kind() == SpanKind.SERVER || traced.kind() == SpanKind.CLIENT) {
            status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE);
            if (status == null && traced.kind() == SpanKind.CLIENT) {
                status = open.newStatus();
            }
        }
        return status != null && STATUS.matcher(status.toString()).matches() ? Long.valueOf(status.toString()) : null;
    }

    /**
     * Ends what the routes of an exchange have left open when all is done: Camel tells no policy of a route that ends
     * while the context stops.
     */
    private static final class Leftovers extends SynchronizationAdapter {
        @Override
        public void onDone(Exchange exchange) {
            for (var open = OpenRoute.of(exchange); open != null; open = OpenRoute.of(exchange)) {
                open.policy.end(open, exchange);
            }
        }

        @Override
        public boolean allowHandover() {
            return false;
        }
    }
}
