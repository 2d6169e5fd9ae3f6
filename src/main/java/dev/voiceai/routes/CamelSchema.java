package dev.voiceai.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Camel's own schema of its YAML, as shipped in camel-yaml-dsl, and the canonical part of it: what visual editors
 * write, one way to say each thing. Camel ships a canonical schema only from 4.21 on, so it is derived here by taking
 * the shorthands out of the full one: plain texts in place of objects, languages without {@code expression}, and
 * {@code from} outside {@code route}.
 *
 * @see <a href="https://camel.apache.org/components/4.17.x/others/yaml-dsl.html">Camel YAML DSL</a>
 */
final class CamelSchema {

    /** Each is read when it is first needed: it takes more memory than a small process has to spare at its start. */
    private static final class Full {
        private static final CamelSchema SCHEMA = new CamelSchema(read());
    }

    private static final class Canonical {
        private static final CamelSchema SCHEMA = new CamelSchema(canonical(read()));
    }

    /** @param path of {@link RouteFiles.Place} */
    record Violation(String path, String message) {}

    private final JsonSchema schema;

    static CamelSchema full() {
        return Full.SCHEMA;
    }

    static CamelSchema canonical() {
        return Canonical.SCHEMA;
    }

    private CamelSchema(JsonNode schema) {
        this.schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(schema);
    }

    /**
     * The deepest messages first, and last those of alternatives that don't fit, which only repeat on every level above
     * the mistake that there is one.
     *
     * @return at most three messages, empty for a valid document
     */
    List<Violation> violations(JsonNode document) {
        return schema.validate(document).stream()
                .sorted(Comparator.comparing((ValidationMessage message) -> message.getType().matches("oneOf|anyOf|not"))
                        .thenComparing(message -> -message.getInstanceLocation().getNameCount()))
                .map(message -> new Violation(path(message.getInstanceLocation())
                        + (message.getProperty() == null ? "" : "/" + message.getProperty()), message.getMessage()))
                .distinct().limit(3).toList();
    }

    private static String path(JsonNodePath location) {
        return IntStream.range(0, location.getNameCount()).mapToObj(i -> "/" + location.getElement(i)).collect(Collectors.joining());
    }

    private static JsonNode read() {
        try (InputStream schema = CamelSchema.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return new ObjectMapper().readTree(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode canonical(JsonNode schema) {
        ((ObjectNode) schema.at("/items/properties")).remove("from");
        for (JsonNode node : everything(schema).toList()) {
            if (node.path("oneOf") instanceof ArrayNode alternatives) {
                withoutPlainText(alternatives);
            }
            if (node.path("properties") instanceof ObjectNode properties) {
                withoutBareLanguages(properties);
            }
        }
        return schema;
    }

    private static void withoutPlainText(ArrayNode alternatives) {
        for (int i = alternatives.size() - 1; i >= 0; i--) {
            if (alternatives.get(i).path("type").asText().equals("string") && alternatives.size() > 1) {
                alternatives.remove(i);
            }
        }
    }

    /** A language that may stand without {@code expression} is listed as a property of any shape. */
    private static void withoutBareLanguages(ObjectNode properties) {
        if (properties.has("constant") && properties.path("expression").equals(properties.objectNode())) {
            properties.remove(properties.properties().stream()
                    .filter(property -> property.getValue().isEmpty() && !property.getKey().equals("expression"))
                    .map(Map.Entry::getKey).toList());
        }
    }

    private static Stream<JsonNode> everything(JsonNode node) {
        return Stream.concat(Stream.of(node), node.valueStream().flatMap(CamelSchema::everything));
    }
}
