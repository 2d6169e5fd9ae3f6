package dev.voiceai.system;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** An OTLP collector of traces by HTTP, which can be down for a while. */
public final class TraceCollector implements AutoCloseable {
    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private volatile boolean down;
    private volatile int refused;

    /**
     * @param parentId empty for the root of a trace
     * @param failure empty for none
     */
    public record Span(
            String name, String traceId, String spanId, String parentId, Map<String, String> attributes, boolean failed, String failure,
            Map<String, String> resource) {}

    public TraceCollector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    public Map<String, String> settings() {
        return Map.of("traces.endpoint", "http://127.0.0.1:" + server.getAddress().getPort());
    }

    private synchronized void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (down) {
                refused++;
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            received.write(body);
            ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().forEach(resource -> resource.getScopeSpansList()
                    .forEach(scope -> scope.getSpansList().forEach(span -> spans.add(new Span(
                            span.getName(),
                            hex(span.getTraceId().toByteArray()),
                            hex(span.getSpanId().toByteArray()),
                            hex(span.getParentSpanId().toByteArray()),
                            attributes(span.getAttributesList()),
                            span.getStatus().getCodeValue() == 2,
                            span.getStatus().getMessage(),
                            attributes(resource.getResource().getAttributesList()))))));
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }

    private static Map<String, String> attributes(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, attribute -> text(attribute.getValue())));
    }

    private static String text(AnyValue value) {
        return value.hasStringValue() ? value.getStringValue() : String.valueOf(value.getIntValue());
    }

    /** From now on nothing is taken, or everything again. */
    void setDown(boolean down) {
        this.down = down;
    }

    int refused() {
        return refused;
    }

    public List<Span> spans() {
        return List.copyOf(spans);
    }

    /** The spans of a trace, once they are what is waited for. */
    List<Span> awaitTrace(String traceId, Predicate<List<Span>> complete) {
        return await("trace " + traceId).atMost(RunningSystem.PATIENCE)
                .until(() -> spans.stream().filter(span -> span.traceId().equals(traceId)).toList(), complete);
    }

    /** All that came, as it came, one character a byte. */
    public synchronized String received() {
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
