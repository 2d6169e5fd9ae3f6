package dev.voiceai.traces;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once when the collector stops taking spans and once when it takes them again, in place of the SDK's stack trace
 * for each batch.
 */
final class ExportReport implements SpanExporter {
    private static final Logger LOG = LoggerFactory.getLogger(ExportReport.class);

    private final SpanExporter exporter;
    private final AtomicBoolean failing = new AtomicBoolean();

    ExportReport(SpanExporter exporter) {
        this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        var result = exporter.export(spans);
        result.whenComplete(() -> report(!result.isSuccess()));
        return result;
    }

    private void report(boolean failed) {
        if (failing.getAndSet(failed) == failed) {
            return;
        }
        if (failed) {
            LOG.warn("no traces: the collector at OTEL_EXPORTER_OTLP_ENDPOINT does not take them; nothing else waits for it");
        } else {
            LOG.info("the collector takes traces again");
        }
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
