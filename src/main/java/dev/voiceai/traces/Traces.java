package dev.voiceai.traces;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;

/** What routes say about traces, as bean {@code traces}. Where no collector is set it does nothing. */
public final class Traces implements AutoCloseable {
    /** A collector that does not answer must not hold up a stop for longer. */
    private static final int FLUSH_SECONDS = 5;

    private final ObjectMapper json;
    private final OpenTelemetrySdk sdk;

    /** @param sdk null where there are no traces */
    Traces(ObjectMapper json, OpenTelemetrySdk sdk) {
        this.json = json;
        this.sdk = sdk;
    }

    boolean areOn() {
        return sdk != null;
    }

    Tracer tracer() {
        return sdk.getTracer("dev.voiceai");
    }

    /**
     * Makes the current route's span part of the trace of the call that a body of Retell's is about. Only for bodies
     * whose signature holds: else anybody could add to any trace.
     *
     * @param body JSON with a {@code call}; one without a trace context in its metadata changes nothing
     */
    public void joinCall(byte[] body, Exchange exchange) {
        var open = OpenRoute.of(exchange);
        if (open == null) {
            return;
        }
        var traceparent = traceparent(body);
        if (TraceContext.traceId(traceparent) != null) {
            open.moveTo(traceparent);
        }
    }

    private String traceparent(byte[] body) {
        try {
            return json.readTree(body).at("/call/metadata/" + TraceContext.NAME).textValue();
        } catch (IOException e) {
            // Whoever reads the body next refuses it.
            return null;
        }
    }

    /** Sends what has not been sent yet. */
    @Override
    public void close() {
        if (sdk != null) {
            sdk.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
        }
    }
}
