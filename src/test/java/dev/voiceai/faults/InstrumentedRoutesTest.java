package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstrumentedRoutesTest {
    @TempDir
    Path folder;

    @Test
    void thePointsStandAroundTheStepsOfADialAndNothingElseChanges() throws IOException {
        InstrumentedRoutes.copy(Path.of("routes"), folder, "http://127.0.0.1:1/point/");

        var steps = new ArrayList<String>();
        collect(new ObjectMapper(new YAMLFactory()).readTree(folder.resolve("call-processor.camel.yaml").toFile()), steps);
        assertThat(around(steps, "direct:claim-attempt").get(0)).isEqualTo("before-gate");
        assertThat(around(steps, "direct:place-call")).containsExactly("after-dialing", "after-answer");
        assertThat(around(steps, "direct:settle-dial").get(1)).isEqualTo("before-delete");
        assertThat(steps).contains("after-gate");
        assertThat(Path.of("routes", "call-gate.camel.yaml")).hasSameTextualContentAs(folder.resolve("call-gate.camel.yaml"));
        assertThat(Files.exists(folder.resolve("sql/lock-person.sql"))).isTrue();
    }

    private static List<String> around(List<String> steps, String uri) {
        int at = steps.indexOf(uri);
        return List.of(steps.get(at - 1), steps.get(at + 1));
    }

    private static void collect(JsonNode node, List<String> steps) {
        if (node.at("/to/uri").isTextual()) {
            steps.add(node.at("/to/uri").asText());
        }
        if (node.at("/toD/uri").asText().startsWith("http://127.0.0.1:1/point/")) {
            steps.add(node.at("/toD/uri").asText().replaceAll(".*/point/([a-z-]+).*", "$1"));
        }
        node.forEach(child -> collect(child, steps));
    }
}
