package dev.voiceai.traces;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The context of a span as it travels: a {@code traceparent} of version 00, alike in HTTP headers, message attributes,
 * Retell's metadata and the ledger.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>
 */
final class TraceContext {
    /** Its name everywhere: header, message attribute, metadata, column and variable. */
    static final String NAME = "traceparent";

    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<String> ONE_VALUE = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String value) {
            return List.of(NAME);
        }

        @Override
        public String get(String value, String key) {
            return key.equals(NAME) ? value : null;
        }
    };

    private TraceContext() {}

    /** The context to begin a span in; the root, which begins a trace, for anything that is not a traceparent. */
    static Context parse(Object traceparent) {
        return traceparent instanceof String text ? W3C.extract(Context.root(), text, ONE_VALUE) : Context.root();
    }

    /** The id of the trace, null for anything that is not a traceparent. */
    static String traceId(Object traceparent) {
        var context = Span.fromContext(parse(traceparent)).getSpanContext();
        return context.isValid() ? context.getTraceId() : null;
    }

    static String format(Span span) {
        Map<String, String> fields = new HashMap<>();
        W3C.inject(Context.root().with(span), fields, Map::put);
        return fields.get(NAME);
    }
}
