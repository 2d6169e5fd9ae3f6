package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/**
 * A copy of the route files in which the call processor stops at each {@link KillPoint} and asks the suite whether to go
 * on. The steps are found by what they are, not by where they stand.
 */
final class InstrumentedRoutes {
    private static final String FILE = "call-processor.camel.yaml";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final String controller;
    private final ArrayNode routes;

    private InstrumentedRoutes(ArrayNode routes, String controller) {
        this.routes = routes;
        this.controller = controller;
    }

    /** @param controller the URL that the steps ask; the point's name follows */
    static void copy(Path from, Path to, String controller) {
        try {
            FileSystemUtils.copyRecursively(from, to);
            var instrumented = new InstrumentedRoutes((ArrayNode) YAML.readTree(from.resolve(FILE).toFile()), controller);
            instrumented.insert();
            YAML.writeValue(to.resolve(FILE).toFile(), instrumented.routes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void insert() {
        beside("direct:claim-attempt", KillPoint.BEFORE_GATE, 0);
        // The last step of the route that is the transaction.
        route("claim-attempt").withArray("/from/steps").add(step(KillPoint.AFTER_GATE));
        beside("direct:place-call", KillPoint.AFTER_DIALING, 0);
        beside("direct:place-call", KillPoint.AFTER_ANSWER, 1);
        beside("direct:settle-dial", KillPoint.BEFORE_DELETE, 1);
    }

    private ObjectNode route(String id) {
        for (JsonNode entry : routes) {
            if (entry.at("/route/id").asText().equals(id)) {
                return (ObjectNode) entry.get("route");
            }
        }
        throw new IllegalStateException("no route " + id + " in " + FILE);
    }

    /** @param offset 0 before the steps that go there, 1 after them */
    private void beside(String uri, KillPoint point, int offset) {
        List<ArrayNode> places = new ArrayList<>();
        find(routes, uri, places);
        assertThat(places).as("steps to " + uri).isNotEmpty();
        for (ArrayNode steps : places) {
            for (int i = steps.size() - 1; i >= 0; i--) {
                if (steps.get(i).at("/to/uri").asText().equals(uri)) {
                    steps.insert(i + offset, step(point));
                }
            }
        }
    }

    private static void find(JsonNode node, String uri, List<ArrayNode> found) {
        if (node instanceof ArrayNode steps) {
            for (JsonNode step : steps) {
                if (step.at("/to/uri").asText().equals(uri)) {
                    found.add(steps);
                    break;
                }
            }
        }
        node.forEach(child -> find(child, uri, found));
    }

    private ObjectNode step(KillPoint point) {
        var step = YAML.createObjectNode();
        var to = step.putObject("toD");
        to.put("uri", controller + point.path());
        to.putObject("parameters")
                .put("httpMethod", "GET").put("skipRequestHeaders", "true").put("connectionClose", "true")
                // What follows is the query: no options of the component.
                .put("port", "{{server.port}}")
                .put("request_id", "${variable.requestId}")
                .put("decision", "${variable.decision}");
        to.put("variableReceive", "point");
        return step;
    }
}
