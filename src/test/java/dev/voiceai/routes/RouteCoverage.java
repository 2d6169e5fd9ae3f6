package dev.voiceai.routes;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.springframework.stereotype.Component;

/**
 * Notes which steps of the shipped routes run in the tests. The component scan of every system that a test starts in
 * its own JVM finds it. At its end the JVM leaves a file in {@code src/target/route-coverage}, and {@code .ci/coverage}
 * adds up those of all JVMs: a line for each step, with tabs between file, route, number of the step, the step and
 * whether it ran.
 */
@Component
final class RouteCoverage implements InterceptStrategy {
    private static final Path REPORT =
            Path.of("src/target/route-coverage", ProcessHandle.current().pid() + ".tsv").toAbsolutePath();
    private static final Path SHIPPED = Path.of("routes").toAbsolutePath();
    /** Whether a step has run, by what the report says of it. */
    private static final Map<String, AtomicBoolean> STEPS = new ConcurrentHashMap<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(RouteCoverage::write));
    }

    /** The steps of a route are numbered in the order in which Camel builds them, which is always the same. */
    private final Map<RouteDefinition, AtomicInteger> counted = new ConcurrentHashMap<>();

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor next) {
        RouteDefinition route = ProcessorDefinitionHelper.getRoute(step);
        if (route == null || route.getResource() == null || !isShipped(context)) {
            return target;
        }
        int number = counted.computeIfAbsent(route, one -> new AtomicInteger()).incrementAndGet();
        String file = route.getResource().getLocation().replaceFirst(".*[/\\\\:]", "");
        String words = (step.getShortName() + " " + step.getLabel()).replaceAll("\\s+", " ");
        AtomicBoolean ran = STEPS.computeIfAbsent(
                String.join("\t", file, route.getRouteId(), String.valueOf(number), words), key -> new AtomicBoolean());
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                ran.lazySet(true);
                return super.process(exchange, callback);
            }
        };
    }

    /** Some tests change a copy of the routes. */
    private static boolean isShipped(CamelContext context) {
        return context.getPropertiesComponent().resolveProperty("routes.dir")
                .filter(folder -> Path.of(folder).toAbsolutePath().normalize().equals(SHIPPED)).isPresent();
    }

    private static void write() {
        try {
            Files.createDirectories(REPORT.getParent());
            Files.writeString(REPORT, STEPS.entrySet().stream()
                    .map(step -> step.getKey() + "\t" + step.getValue() + "\n").sorted().collect(joining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
