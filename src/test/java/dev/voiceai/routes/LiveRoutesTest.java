package dev.voiceai.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.routes.RouteFiles.Definition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveRoutesTest {

    @TempDir
    Path folder;

    private final CamelContext camel = new DefaultCamelContext();
    private final LiveRoutes live = new LiveRoutes(camel);
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        var direct = camel.getComponent("direct", DirectComponent.class);
        direct.setBlock(true);
        direct.setTimeout(2000);
        camel.getRegistry().bind("gate", new Gate());
        camel.start();
        template = camel.createProducerTemplate();
        var one = route("one");
        live.build(List.of(one), "");
        live.start(one);
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    /** Holds a message until it is told to go on. */
    public static final class Gate {
        final CountDownLatch arrived = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);

        public void pass(Exchange exchange) throws InterruptedException {
            if ("wait".equals(exchange.getMessage().getBody())) {
                arrived.countDown();
                open.await();
            }
        }
    }

    @Test
    void aMessageInTheOldRouteEndsInItWhileTheNextOneMeetsTheNewRoute() throws Exception {
        Gate gate = camel.getRegistry().lookupByNameAndType("gate", Gate.class);
        var waiting = CompletableFuture.supplyAsync(() -> work("wait"));
        gate.arrived.await();

        replace(route("two"), 2);

        assertThat(work("go")).isEqualTo("two");
        replace(route("three"), 3);
        assertThat(work("go")).isEqualTo("three");
        gate.open.countDown();
        assertThat(waiting.get()).isEqualTo("one");
        settle("do-work");
        assertThat(work("go")).isEqualTo("three");
    }

    @Test
    void noMessageFindsTheRouteMissing() throws Exception {
        var stop = new AtomicBoolean();
        var senders = List.of(1, 2).stream().map(sender -> CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                work("go");
            }
        })).toList();

        for (int version = 2; version < 30; version++) {
            replace(route("version " + version), version);
            live.tidy();
        }
        stop.set(true);

        assertThat(senders).allSatisfy(sender -> assertThat(sender).succeedsWithin(Duration.ofSeconds(10)));
        settle("do-work");
        assertThat(work("go")).isEqualTo("version 29");
    }

    @Test
    void whatCannotBeBuiltLeavesTheRouteAsItWas() throws Exception {
        var refused = live.tryOut(List.of(definition(yaml("two").replace("ref: gate", "ref: gates"))));

        assertThat(refused).singleElement().satisfies(finding -> {
            assertThat(finding.line()).isEqualTo(9);
            assertThat(finding.message()).contains("gates");
        });
        assertThat(work("go")).isEqualTo("one");
        assertThat(camel.getRoutes()).extracting(Route::getId).containsExactly("do-work");
    }

    @Test
    void aRetiredRouteIsGoneOnceItIsIdle() {
        live.retire("do-work");

        settle();
    }

    private void replace(Definition route, int version) throws Exception {
        assertThat(live.build(List.of(route), "@" + version)).isEmpty();
        live.replace(route, "@" + version);
    }

    /** Until there are these routes and no others. */
    private void settle(String... routes) {
        await().untilAsserted(() -> {
            live.tidy();
            assertThat(camel.getRoutes()).extracting(Route::getId).containsExactly(routes);
        });
    }

    private String work(String body) {
        return template.requestBody("direct:do-work", body, String.class);
    }

    private Definition route(String answer) throws IOException {
        return definition(yaml(answer));
    }

    private Definition definition(String yaml) throws IOException {
        Files.writeString(folder.resolve("work.camel.yaml"), yaml);
        return new Definition(RouteFiles.read(folder).documents().get(0), 0, "route");
    }

    private static String yaml(String answer) {
        return """
                - route:
                    id: do-work
                    description: "caller -> caller: waits at the gate and answers."
                    from:
                      uri: direct:do-work
                      steps:
                        - bean:
                            id: to-gate
                            ref: gate
                            method: pass
                        - setBody:
                            expression:
                              constant:
                                expression: "%s"
                """.formatted(answer);
    }
}
