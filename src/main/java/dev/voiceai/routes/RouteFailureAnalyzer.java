package dev.voiceai.routes;

import java.nio.file.Path;
import org.apache.camel.FailedToCreateRouteException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Says at a failed start which line of which route file Camel can't build a route from. */
class RouteFailureAnalyzer extends AbstractFailureAnalyzer<FailedToCreateRouteException> {

    private final Environment environment;

    RouteFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, FailedToCreateRouteException cause) {
        Path folder = Path.of(environment.getRequiredProperty("routes.dir"));
        return RouteFiles.read(folder).all("route").stream().filter(route -> route.id().equals(cause.getRouteId())).findFirst()
                .map(route -> new FailureAnalysis("The routes in " + folder + " can't run:\n  " + LiveRoutes.explain(route, cause),
                        "Correct this place. `java -jar voice-ai.jar validate` lists all there are.", cause))
                .orElse(null);
    }
}
