package dev.voiceai.traces;

import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelLogger;
import org.apache.camel.spi.LogListener;

/**
 * Adds {@code trace_id=…} to the lines that routes log, so that whoever has a line finds the trace. By the exchange and
 * not by the thread, as everything here.
 */
final class TraceIdInLogs implements LogListener {
    @Override
    public String onLog(Exchange exchange, CamelLogger logger, String message) {
        var traceId = TraceContext.traceId(exchange.getVariable(TraceContext.NAME));
        return traceId == null ? message : message + " trace_id=" + traceId;
    }
}
