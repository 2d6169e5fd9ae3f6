package dev.voiceai.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.voiceai.ledger.Failures;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Processor;
import org.apache.camel.builder.ExchangeBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelLogger;
import org.apache.camel.spi.LogListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which spans the routes of a Camel context make, whatever path an exchange takes through them. */
class RouteSpanTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String OTHER_TRACE = "1af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String REQUEST_ID = "0192f0c1-2222-7000-8000-000000000001";

    private final List<SpanData> ended = new CopyOnWriteArrayList<>();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(new Kept())).build())
            .build();
    private final Traces traces = new Traces(new ObjectMapper(), sdk);
    private CamelContext context;

    private final class Kept implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            ended.addAll(spans);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private static final class Unlucky extends RuntimeException {
        private Unlucky() {
            super("about +12065550100");
        }
    }

    @BeforeEach
    void start() {
        context = new DefaultCamelContext();
        context.addRoutePolicyFactory(new RouteSpans(traces, new Failures()));
    }

    @AfterEach
    void stop() {
        context.stop();
        sdk.close();
    }

    @Test
    void aRouteThatIsCalledIsAChildAndTheCallersContextComesBack() throws Exception {
        List<Object> seen = new ArrayList<>();
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:outer").routeId("outer")
                        .process(exchange -> seen.add(exchange.getVariable("traceparent")))
                        .to("direct:inner")
                        .process(exchange -> seen.add(exchange.getVariable("traceparent")));
                from("direct:inner").routeId("inner@7").to("log:nothing?level=OFF");
            }
        });

        var done = send("outer", Map.of("traceparent", traceparent(TRACE)), null);

        assertThat(span("outer").getParentSpanId()).isEqualTo(CALLER);
        assertThat(span("outer").getTraceId()).isEqualTo(TRACE);
        assertThat(span("inner").getParentSpanId()).isEqualTo(span("outer").getSpanId());
        assertThat(seen).containsOnly("00-" + TRACE + "-" + span("outer").getSpanId() + "-01");
        assertThat(done.getVariable("traceparent")).isEqualTo(traceparent(TRACE));
    }

    @Test
    void eachCopyOfAnExchangeHasItsOwnSpansAlsoOnOtherThreads() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:outer").routeId("outer")
                        .split(body()).parallelProcessing().to("direct:item").end()
                        .to("direct:after");
                from("direct:item").routeId("item").to("direct:part");
                from("direct:part").routeId("part").delay(5).to("log:nothing?level=OFF");
                from("direct:after").routeId("after").to("log:nothing?level=OFF");
            }
        });

        send("outer", Map.of("traceparent", traceparent(TRACE)), List.of(1, 2, 3, 4, 5));

        assertThat(spans("item")).hasSize(5).allSatisfy(item -> assertThat(item.getParentSpanId()).isEqualTo(span("outer").getSpanId()));
        assertThat(spans("part").stream().map(SpanData::getParentSpanId))
                .containsExactlyInAnyOrderElementsOf(spans("item").stream().map(SpanData::getSpanId).toList());
        assertThat(span("after").getParentSpanId()).isEqualTo(span("outer").getSpanId());
    }

    @Test
    void aRowOfTheLedgerBringsItsTraceAndWhoeverLooksForWorkHasNone() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:timer").routeId("timer").split(body()).to("seda:post").end().to("direct:tidy");
                from("direct:tidy").routeId("tidy").to("log:nothing?level=OFF");
                from("seda:post").routeId("post").to("seda:relay");
                from("seda:relay").routeId("relay-post").to("direct:tidy");
            }
        });

        send("timer", Map.of(), List.of(row("r1", TRACE), row("r2", OTHER_TRACE), row("r3", null)));

        await().until(() -> context.getInflightRepository().size() == 0 && ended.size() == 2);
        assertThat(ended.stream().map(SpanData::getName)).containsOnly("post");
        assertThat(ended).allSatisfy(span -> {
            assertThat(attribute(span, "request_id")).isEqualTo(REQUEST_ID);
            assertThat(attribute(span, "kind")).isEqualTo("voice_ai.call.started");
        });
        assertThat(ended.stream().map(SpanData::getTraceId)).containsExactlyInAnyOrder(TRACE, OTHER_TRACE);
    }

    @Test
    void aStepWithManyRowsIsToldToEachOfTheirTraces() throws Exception {
        run(flush(exchange -> {}));

        sendRows();

        assertThat(ended).hasSize(2).allSatisfy(span -> {
            assertThat(span.getName()).isEqualTo("flush");
            assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
            assertThat(span.getParentSpanId()).isEqualTo(CALLER);
            assertThat(attribute(span, "peer.service")).isEqualTo("store");
            assertThat(attribute(span, "request_id")).isEqualTo(REQUEST_ID);
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        });
        assertThat(ended.stream().map(span -> span.getAttributes().get(AttributeKey.longKey("rows")))).containsExactly(2L, 1L);
    }

    @Test
    void aRowThatIsParkedIsAFailureOfItsTraceAlone() throws Exception {
        run(flush(exchange -> exchange.setVariable("parkedRows", List.of(Map.of("id", "r3", "error", "refused: 22000")))));

        sendRows();

        assertThat(ended.stream().map(span -> span.getStatus().getDescription())).containsExactly("", "refused: 22000");
    }

    @Test
    void aStepThatFailsIsAFailureOfAllTraces() throws Exception {
        run(flush(exchange -> {
            throw new Unlucky();
        }));

        sendRows();

        assertThat(ended.stream().map(span -> span.getStatus().getDescription())).containsExactly("Unlucky", "Unlucky");
    }

    @Test
    void aFailureIsToldByItsClassWhereItHappenedAndWhereItWasDealtWith() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:outer").routeId("outer").to("direct:handler");
                from("direct:handler").routeId("handler").onException(Unlucky.class).handled(true).to("direct:answer").end()
                        .to("direct:failing");
                from("direct:failing").routeId("failing").errorHandler(noErrorHandler()).process(exchange -> {
                    throw new Unlucky();
                });
                from("direct:answer").routeId("answer").to("log:nothing?level=OFF");
            }
        });

        send("outer", Map.of("traceparent", traceparent(TRACE)), null);

        for (String route : List.of("failing", "handler")) {
            assertThat(span(route).getStatus().getStatusCode()).as(route).isEqualTo(StatusCode.ERROR);
            assertThat(span(route).getStatus().getDescription()).isEqualTo("Unlucky");
        }
        for (String route : List.of("outer", "answer")) {
            assertThat(span(route).getStatus().getStatusCode()).as(route).isEqualTo(StatusCode.UNSET);
        }
        assertThat(ended.toString()).doesNotContain("2065550100");
    }

    @Test
    void answersAreToldByTheirStatus() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:outer").routeId("outer").to("direct:dial").to("direct:settle");
                from("direct:dial").routeId("dial").to("log:nothing?level=OFF").id("to-retell").setVariable("dialStatus", constant(422));
                from("direct:settle").routeId("settle").to("log:nothing?level=OFF").id("to-ledger");
            }
        });

        send("outer", Map.of("traceparent", traceparent(TRACE)), null);

        assertThat(span("dial").getAttributes().get(AttributeKey.longKey("http.response.status_code"))).isEqualTo(422);
        assertThat(span("dial").getStatus().getDescription()).isEqualTo("HTTP 422");
        assertThat(span("settle").getAttributes().get(AttributeKey.longKey("http.response.status_code"))).isNull();
    }

    @Test
    void onlyWhatLooksLikeAnIdIsTold() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:good").routeId("good").to("log:nothing?level=OFF");
                from("direct:bad").routeId("bad").to("log:nothing?level=OFF");
            }
        });

        send("good", Map.of("traceparent", traceparent(TRACE), "requestId", REQUEST_ID, "attempt", 2, "callId", "call_0a1b2c3d4e5f"), null);
        send("bad", Map.of("traceparent", traceparent(TRACE), "requestId", "+12065550100", "attempt", "Zoe", "callId", "Zoe Miller"), null);

        assertThat(List.of("request_id", "attempt", "call_id").stream().map(name -> attribute(span("good"), name)))
                .containsExactly(REQUEST_ID, "2", "call_0a1b2c3d4e5f");
        assertThat(span("bad").getAttributes().size()).isZero();
    }

    @Test
    void aLineThatARouteLogsNamesTheTrace() throws Exception {
        List<String> lines = new ArrayList<>();
        context.getCamelContextExtension().addLogListener(new TraceIdInLogs());
        context.getCamelContextExtension().addLogListener(new LogListener() {
            @Override
            public String onLog(Exchange exchange, CamelLogger logger, String line) {
                return line;
            }

            @Override
            public void afterLog(Exchange exchange, CamelLogger logger, String line) {
                lines.add(line);
            }
        });
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:outer").routeId("outer").log(LoggingLevel.ERROR, "done: attempt=1");
            }
        });

        send("outer", Map.of("traceparent", traceparent(TRACE)), null);
        send("outer", Map.of(), null);

        assertThat(lines).containsExactly("done: attempt=1 trace_id=" + TRACE, "done: attempt=1");
    }

    @Test
    void aRouteJoinsTheTraceOfTheCallThatItTurnsOutToBeAbout() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:webhook").routeId("webhook")
                        .process(exchange -> traces.joinCall(exchange.getMessage().getBody(byte[].class), exchange))
                        .to("direct:task");
                from("direct:task").routeId("task").to("log:nothing?level=OFF");
            }
        });

        send("webhook", Map.of("traceparent", traceparent(OTHER_TRACE)), body("{\"call\":{\"metadata\":{\"traceparent\":\"" + traceparent(TRACE) + "\"}}}"));

        assertThat(ended).hasSize(2).allMatch(span -> span.getTraceId().equals(TRACE));
        assertThat(span("webhook").getParentSpanId()).isEqualTo(CALLER);
        assertThat(span("task").getParentSpanId()).isEqualTo(span("webhook").getSpanId());
    }

    @Test
    void aCallWithoutATraceLeavesTheSpanWhereItIs() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:webhook").routeId("webhook")
                        .process(exchange -> traces.joinCall(exchange.getMessage().getBody(byte[].class), exchange));
            }
        });

        for (String metadata : List.of("{}", "{\"traceparent\":7}", "{\"traceparent\":\"00-+12065550100\"}", "[]", "no JSON")) {
            send("webhook", Map.of("traceparent", traceparent(TRACE)), body("{\"call\":{\"metadata\":" + metadata + "}}"));
        }

        assertThat(ended).hasSize(5).allMatch(span -> span.getTraceId().equals(TRACE));
    }

    @Test
    void aRouteThatEndsWhileTheContextStopsHasItsSpan() throws Exception {
        var working = new CountDownLatch(1);
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:outer").routeId("outer").to("direct:inner");
                from("direct:inner").routeId("inner").process(exchange -> {
                    working.countDown();
                    await().until(context::isStopping);
                });
            }
        });
        context.createProducerTemplate().send("seda:outer", exchange(Map.of("traceparent", traceparent(TRACE)), null));
        assertThat(working.await(10, TimeUnit.SECONDS)).isTrue();

        CompletableFuture.runAsync(context::stop).get(30, TimeUnit.SECONDS);

        assertThat(span("inner").getParentSpanId()).isEqualTo(span("outer").getSpanId());
    }

    private RouteBuilder flush(Processor work) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:flush").routeId("flush").process(work).to("log:nothing?level=OFF").id("to-store");
            }
        };
    }

    private void sendRows() {
        send("flush", Map.of("rows", List.of(row("r1", TRACE), row("r2", TRACE), row("r3", OTHER_TRACE), row("r4", null))), null);
    }

    private void run(RouteBuilder routes) throws Exception {
        context.addRoutes(routes);
        context.start();
    }

    private Exchange send(String route, Map<String, Object> variables, Object body) {
        return context.createProducerTemplate().send("direct:" + route, exchange(variables, body));
    }

    private Exchange exchange(Map<String, Object> variables, Object body) {
        var exchange = ExchangeBuilder.anExchange(context).withBody(body).build();
        variables.forEach(exchange::setVariable);
        return exchange;
    }

    private static Map<String, Object> row(String id, String trace) {
        var row = new HashMap<String, Object>(Map.of("id", id, "stream", REQUEST_ID, "kind", "voice_ai.call.started"));
        row.put("traceparent", trace == null ? null : traceparent(trace));
        return row;
    }

    private static String traceparent(String trace) {
        return "00-" + trace + "-" + CALLER + "-01";
    }

    private static byte[] body(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static String attribute(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.stringKey(name));
    }

    private List<SpanData> spans(String name) {
        return ended.stream().filter(span -> span.getName().equals(name)).toList();
    }

    private SpanData span(String name) {
        assertThat(spans(name)).as(name).hasSize(1);
        return spans(name).get(0);
    }
}
