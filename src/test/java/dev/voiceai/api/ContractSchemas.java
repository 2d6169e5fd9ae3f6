package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.Yaml;

/** The response schemas of {@code routes/openapi.yaml}, closed: an answer has no field that the contract does not name. */
final class ContractSchemas {
    private static final ObjectNode CONTRACT = closed(read());

    private ContractSchemas() {}

    static void assertFits(String schema, JsonNode answer) {
        var root = Client.JSON.createObjectNode().put("$ref", "#/components/schemas/" + schema);
        root.set("components", CONTRACT.get("components"));
        assertThat(JsonSchemaFactory.getInstance(VersionFlag.V4).getSchema(root).validate(answer))
                .as(schema + " " + answer)
                .isEmpty();
    }

    private static ObjectNode read() {
        try (var reader = Files.newBufferedReader(Path.of("routes/openapi.yaml"))) {
            return Client.JSON.valueToTree(new Yaml().load(reader));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As JSON Schema says it: what OpenAPI 3.0 calls nullable is a second type. */
    private static ObjectNode closed(ObjectNode contract) {
        for (JsonNode parent : contract.findParents("properties")) {
            var schema = (ObjectNode) parent;
            if (schema.path("type").asText().equals("object") && !schema.has("additionalProperties")) {
                schema.put("additionalProperties", false);
            }
        }
        for (JsonNode parent : contract.findParents("nullable")) {
            var schema = (ObjectNode) parent;
            var type = schema.get("type").asText();
            schema.putArray("type").add(type).add("null");
        }
        return contract;
    }
}
