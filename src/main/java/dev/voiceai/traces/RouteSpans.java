package dev.voiceai.traces;

import dev.voiceai.ledger.Failures;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;

/** Gives every route the policy that makes its spans, also one that is loaded later; none where traces are off. */
final class RouteSpans implements RoutePolicyFactory {

    private final Traces traces;
    private final Failures failures;

    RouteSpans(Traces traces, Failures failures) {
        this.traces = traces;
        this.failures = failures;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
        return traces.areOn() && route instanceof RouteDefinition definition
                ? new RouteSpan(TracedRoute.of(routeId, definition), traces.tracer(), failures)
                : null;
    }
}
