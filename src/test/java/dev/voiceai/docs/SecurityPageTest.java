package dev.voiceai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What SECURITY.md says is what the contract and the tests say. */
class SecurityPageTest {
    private static final Markdown PAGE = Markdown.read("SECURITY.md");

    @Test
    void theRolesAreThoseOfTheContract() throws IOException {
        var contract = new ObjectMapper(new YAMLFactory()).readTree(Path.of("routes/openapi.yaml").toFile());
        String rows = contract.path("paths").valueStream()
                .flatMap(JsonNode::valueStream)
                .filter(operation -> operation.has("operationId"))
                .map(SecurityPageTest::row)
                .collect(Collectors.joining());

        assertThat(PAGE.section("Who may do what").tables())
                .isEqualTo("| Operation | engage | business | operator |\n|---|---|---|---|\n" + rows);
    }

    private static String row(JsonNode operation) {
        List<String> allowed = operation.path("x-roles").valueStream().map(JsonNode::asText).toList();
        return Stream.of("engage", "business", "operator")
                .map(role -> allowed.contains(role) ? "yes" : "–")
                .collect(Collectors.joining(" | ", "| `" + operation.path("operationId").asText() + "` | ", " |\n"));
    }

    @Test
    void everyRiskOfTheTopTenHasItsLineAndItsTests() throws IOException {
        List<String> risks = PAGE.section("What is protected, and how").rows().stream()
                .map(row -> row.get(0).split(" ")[0]).toList();

        assertThat(risks).containsExactly(
                "API1", "API2", "API3", "API4", "API5", "API6", "API7", "API8", "API9", "API10");
        assertThat(Path.of("src/test/java/dev/voiceai/api/OwaspApiTop10Test.java")).content()
                .contains(risks.stream().map(risk -> "class " + risk).toList());
    }
}
