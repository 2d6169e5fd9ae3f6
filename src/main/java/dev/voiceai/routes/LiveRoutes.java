package dev.voiceai.routes;

import dev.voiceai.routes.RouteFiles.Definition;
import dev.voiceai.routes.RouteFiles.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.direct.DirectConsumer;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the {@code direct:} routes of a running Camel context without a moment in which one is missing, and without
 * stopping a message half way, which Camel's own reload does: the changed route is built beside the old one under a
 * name of its own ({@code accept-call@7}) and then takes over the old one's endpoint. Once the old one has no message
 * left it is removed, and the changed route is built again under its plain name, so that metrics and logs go on.
 *
 * <p>Not thread-safe; {@link RouteFolder} calls it under its lock.
 */
final class LiveRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);
    private static final String CHECK = "@check";
    private static final RouteBuilderLifecycleStrategy NOT_STARTED = new RouteBuilderLifecycleStrategy() {
        @Override
        public void afterConfigure(RouteBuilder routes) {
            routes.getRouteCollection().getRoutes().forEach(route -> route.setAutoStartup("false"));
        }
    };
    /** A caller that has just looked the old route up may not be counted yet. */
    private static final int IDLE_LOOKS = 4;

    private final CamelContext context;
    /** By plain name, what stands behind {@code direct:<name>}; only those that are not the plain route. */
    private final Map<String, Takeover> serving = new HashMap<>();
    private final List<Retired> retired = new ArrayList<>();

    private record Takeover(Definition definition, String routeId, DirectConsumer consumer) {}

    private static final class Retired {
        private final String name;
        private final String routeId;
        /** What still stands behind {@code direct:<name>}; null where another route has taken its place. */
        private DirectConsumer consumer;
        private int idleLooks;

        private Retired(String name, String routeId, DirectConsumer consumer) {
            this.name = name;
            this.routeId = routeId;
            this.consumer = consumer;
        }
    }

    LiveRoutes(CamelContext context) {
        this.context = context;
    }

    /**
     * Builds routes as they would run, with all endpoints, beans and expressions, and starts none of them.
     *
     * @param suffix of their names for now
     * @return what Camel refuses
     */
    List<Finding> build(List<Definition> definitions, String suffix) {
        List<Finding> refused = new ArrayList<>();
        for (Definition definition : definitions) {
            try {
                load(definition, name -> name + suffix);
            } catch (Exception e) {
                refused.add(explain(definition, e));
            }
        }
        return refused;
    }

    /** Throws away what was built and not started. */
    void discard(List<Definition> definitions, String suffix) {
        definitions.forEach(definition -> remove(definition.id() + suffix));
    }

    /** Builds routes and throws them away. */
    List<Finding> tryOut(List<Definition> definitions) {
        List<Finding> refused = build(definitions, CHECK);
        discard(definitions, CHECK);
        return refused;
    }

    /** The same for an error configuration, which is only built together with a route that names it. */
    List<Finding> tryOutConfiguration(Definition definition) {
        String name = definition.id() + CHECK;
        try {
            load(definition, id -> id + CHECK);
            load("- route:\n    id: " + name + "\n    routeConfigurationId: " + name + "\n    from:\n      uri: \"direct:" + name
                    + "\"\n      steps:\n        - stop: {}\n", definition.document().file());
            return List.of();
        } catch (Exception e) {
            return List.of(explain(definition, e));
        } finally {
            remove(name);
            Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
            RouteConfigurationDefinition configuration = model.getRouteConfigurationDefinition(name);
            if (configuration != null) {
                try {
                    model.removeRouteConfiguration(configuration);
                } catch (Exception e) {
                    LOG.warn("route configuration {} stays behind a check", name, e);
                }
            }
        }
    }

    /**
     * Builds a whole folder in a context that has none of it, the things that routes need before the routes.
     *
     * @return all that Camel refuses
     */
    List<Finding> tryOutAll(RouteFiles files) {
        List<Finding> refused = new ArrayList<>();
        for (String kind : List.of("beans", "routeConfiguration")) {
            refused.addAll(build(files.all(kind), ""));
        }
        for (Definition configuration : files.all("routeConfiguration")) {
            refused.addAll(tryOutConfiguration(configuration));
        }
        refused.addAll(tryOut(files.all("route")));
        return refused;
    }

    /** Starts a route that is built under its own name. */
    void start(Definition definition) throws Exception {
        context.getRouteController().startRoute(definition.id());
    }

    /**
     * Puts a {@code direct:} route that is built in the place of the running one of its name, if there is one. A message
     * that has begun goes on in the old one.
     *
     * @param suffix with which it is built
     */
    void replace(Definition definition, String suffix) throws Exception {
        String routeId = definition.id() + suffix;
        context.getRouteController().startRoute(routeId);
        retire(definition.id());
        retired.stream().filter(route -> route.name.equals(definition.id())).forEach(this::leave);
        DirectConsumer next = consumer(routeId);
        takeOver(definition.id(), next);
        serving.put(definition.id(), new Takeover(definition, routeId, next));
    }

    /** Takes a {@code direct:} route away once its last message is done, and nobody who knew of it can still call it. */
    void retire(String name) {
        Takeover current = serving.remove(name);
        String routeId = current == null ? name : current.routeId();
        DirectConsumer consumer = consumer(routeId);
        if (consumer != null) {
            retired.add(new Retired(name, routeId, consumer));
        }
    }

    private void leave(Retired route) {
        if (route.consumer != null) {
            direct().removeConsumer(key(route.name), route.consumer);
            route.consumer = null;
        }
    }

    /** Removes what is idle, and gives the routes that took over their plain names; called several times a second. */
    void tidy() {
        retired.removeIf(route -> {
            route.idleLooks = context.getInflightRepository().size(route.routeId) == 0 ? route.idleLooks + 1 : 0;
            if (route.idleLooks < IDLE_LOOKS) {
                return false;
            }
            leave(route);
            return remove(route.routeId);
        });
        for (Takeover current : List.copyOf(serving.values())) {
            String name = current.definition().id();
            if (retired.stream().noneMatch(route -> route.name.equals(name))) {
                settle(name, current);
            }
        }
    }

    private void settle(String name, Takeover current) {
        try {
            load(current.definition(), plain -> plain);
            direct().removeConsumer(key(name), current.consumer());
            context.getRouteController().startRoute(name);
            serving.remove(name);
            retired.add(new Retired(name, current.routeId(), null));
        } catch (Exception e) {
            LOG.warn("route {} goes on as {}", name, current.routeId(), e);
            remove(name);
            takeOver(name, current.consumer());
            retired.add(new Retired(name, name, null));
        }
    }

    private void takeOver(String name, DirectConsumer consumer) {
        direct().addConsumer(key(name), consumer);
    }

    private void load(Definition definition, UnaryOperator<String> names) throws Exception {
        load(definition.yaml(names), definition.document().file());
    }

    private void load(String yaml, String file) throws Exception {
        var resource = ResourceHelper.fromString(file, yaml);
        for (RoutesBuilder routes : PluginHelper.getRoutesLoader(context).findRoutesBuilders(resource)) {
            ((RouteBuilder) routes).addLifecycleInterceptor(NOT_STARTED);
            context.addRoutes(routes);
        }
    }

    private boolean remove(String routeId) {
        try {
            if (context.getRoute(routeId) != null) {
                context.getRouteController().stopRoute(routeId);
                context.removeRoute(routeId);
            }
            if (routeId.contains("@")) {
                context.removeEndpoints("direct:" + routeId);
            }
            return true;
        } catch (Exception e) {
            LOG.warn("route {} can't be removed", routeId, e);
            return false;
        }
    }

    private DirectConsumer consumer(String routeId) {
        var route = context.getRoute(routeId);
        return route != null && route.getConsumer() instanceof DirectConsumer consumer ? consumer : null;
    }

    private DirectComponent direct() {
        return context.getComponent("direct", DirectComponent.class);
    }

    private String key(String name) {
        return context.getEndpoint("direct:" + name).getEndpointUri();
    }

    /** What Camel says, at the line that has the longest of the words that it names. */
    static Finding explain(Definition definition, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && (cause == failure || cause instanceof ResolveEndpointFailedException)) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        String said = message.replace("://", ":");
        String file = definition.document().file();
        int line = definition.line();
        String named = "";
        for (Word word : definition.words()) {
            String text = word.text().strip().replace("://", ":");
            // An option that is named beats the address of its endpoint, which is named with it.
            boolean better = text.endsWith("=") == named.endsWith("=") ? text.length() > named.length() : text.endsWith("=");
            if (text.length() > 2 && better && said.contains(text)) {
                named = text;
                file = word.file();
                line = word.line();
            }
        }
        String sentence = URISupport.sanitizeUri(message.lines().findFirst().orElse(cause.getClass().getSimpleName()))
                .replaceAll(".* due to: ", "");
        return new Finding(file, line, definition.id() + ": " + sentence
                + (sentence.replace("://", ":").contains(named) ? "" : ": " + named.lines().findFirst().orElse("")));
    }
}
