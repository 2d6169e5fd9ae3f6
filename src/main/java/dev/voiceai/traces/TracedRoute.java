package dev.voiceai.traces;

import io.opentelemetry.api.trace.SpanKind;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Stream;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;

/**
 * What a trace tells of a route.
 *
 * @param name its id, without what a live reload adds to it for a while
 * @param box the route file that it is in, null for a route that is in none
 * @param source what kind of work comes in at it
 * @param system where its step {@code to-<system>} leads, the first one if there are several; null without any
 */
record TracedRoute(String name, String box, Source source, String system) {

    private static final String STEP = "to-";
    private static final String FILE = ".camel.yaml";

    enum Source { HTTP, QUEUE, RELAY, INSIDE }

    static TracedRoute of(String routeId, RouteDefinition route) {
        String name = routeId.replaceFirst("@.*", "");
        return new TracedRoute(name, box(route), source(name, route.getInput().getEndpointUri()), system(route));
    }

    private static String box(RouteDefinition route) {
        if (route.getResource() == null) {
            return null;
        }
        String file = Path.of(route.getResource().getLocation().replaceFirst("^\\w+:", "")).getFileName().toString();
        return file.endsWith(FILE) ? file.substring(0, file.length() - FILE.length()) : null;
    }

    private static Source source(String name, String uri) {
        if (uri.startsWith("platform-http:") || uri.startsWith("rest-openapi:")) {
            return Source.HTTP;
        }
        if (uri.startsWith("aws2-sqs:")) {
            return Source.QUEUE;
        }
        return name.startsWith("relay-") ? Source.RELAY : Source.INSIDE;
    }

    private static String system(RouteDefinition route) {
        return Stream.of(ToDefinition.class, ToDynamicDefinition.class)
                .map(step -> ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), step))
                .flatMap(Collection::stream)
                .map(OptionalIdentifiedDefinition::getId)
                .filter(id -> id != null && id.startsWith(STEP))
                .map(id -> id.substring(STEP.length()))
                .findFirst().orElse(null);
    }

    boolean takesWorkIn() {
        return source == Source.HTTP || source == Source.QUEUE;
    }

    SpanKind kind() {
        return switch (source) {
            case HTTP -> SpanKind.SERVER;
            case QUEUE -> SpanKind.CONSUMER;
            case RELAY, INSIDE -> system == null ? SpanKind.INTERNAL : SpanKind.CLIENT;
        };
    }
}
