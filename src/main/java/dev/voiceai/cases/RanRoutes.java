package dev.voiceai.cases;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/** Notes which routes have taken a message, over all systems that it is a bean of. */
final class RanRoutes implements RoutePolicyFactory {

    private final Set<String> ids = ConcurrentHashMap.newKeySet();

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode route) {
        // A route that was changed while the system ran has its version behind its id.
        String id = routeId.replaceFirst("@\\d+$", "");
        return new RoutePolicySupport() {
            @Override
            public void onExchangeBegin(Route begun, Exchange exchange) {
                ids.add(id);
            }
        };
    }

    boolean has(String id) {
        return ids.contains(id);
    }
}
