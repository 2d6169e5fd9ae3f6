package dev.voiceai.traces;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.voiceai.ledger.Failures;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Traces, where a collector for them is set. Without one no route has a policy that makes them. */
@Configuration(proxyBeanMethods = false)
class TracesConfiguration {
    /** What holds where no environment variable of OpenTelemetry says otherwise. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "voice-ai",
            "otel.exporter.otlp.protocol", "http/protobuf",
            // A caller that records its trace wants to see ours.
            "otel.traces.sampler", "parentbased_traceidratio",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none");

    @Bean
    Traces traces(
            ObjectMapper json,
            @Value("${traces.endpoint}") String endpoint,
            @Value("${traces.full-endpoint}") String fullEndpoint,
            @Value("${traces.sampled}") String sampled,
            @Value("${routes.boxes}") String boxes) {
        Map<String, String> settings = new HashMap<>();
        if (!endpoint.isBlank()) {
            settings.put("otel.exporter.otlp.endpoint", endpoint);
        }
        if (!fullEndpoint.isBlank()) {
            settings.put("otel.exporter.otlp.traces.endpoint", fullEndpoint);
        }
        if (settings.isEmpty()) {
            return new Traces(json, null);
        }
        settings.put("otel.traces.sampler.arg", sampled);
        return new Traces(json, sdk(settings, boxes));
    }

    @Bean
    RouteSpans routeSpans(Traces traces, Failures failures) {
        return new RouteSpans(traces, failures);
    }

    @Bean
    TraceIdInLogs traceIdInLogs() {
        return new TraceIdInLogs();
    }

    private static OpenTelemetrySdk sdk(Map<String, String> settings, String boxes) {
        return AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(() -> DEFAULTS)
                .addPropertiesCustomizer(environment -> settings)
                .addResourceCustomizer((resource, environment) -> boxes.isBlank()
                        ? resource
                        : resource.toBuilder().put(AttributeKey.stringKey("boxes"), boxes).build())
                .addSpanExporterCustomizer((exporter, environment) -> new ExportReport(exporter))
                // Spring closes it, after the routes have ended their spans.
                .disableShutdownHook()
                .build()
                .getOpenTelemetrySdk();
    }
}
