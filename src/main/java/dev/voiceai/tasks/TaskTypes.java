package dev.voiceai.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.http.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The task types: the files {@code schemas/task-<type>.json} of the routes folder, and nothing else. */
public final class TaskTypes {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    private final Path schemas;
    private final ObjectMapper json;

    public TaskTypes(Path routes, ObjectMapper json) {
        this.schemas = routes.resolve("schemas");
        this.json = json;
    }

    /**
     * Checks that a type exists. The name comes from outside: it never leaves the folder.
     *
     * @throws Problem status 404
     */
    public void require(String type) {
        if (type == null || !NAME.matcher(type).matches() || !Files.isRegularFile(file(type))) {
            throw Problem.notFound("No task type has this name.");
        }
    }

    /**
     * The body of a task as its schema means it: a number or a truth value becomes text where the schema wants a
     * string. A language model mixes these up, and nothing is lost by it. The rest is for the schema to refuse.
     *
     * @param type a type that exists
     * @param body an object, as the arguments of a custom function made it; it is changed
     * @return the body as JSON text
     */
    public String coerce(String type, ObjectNode body) throws IOException {
        JsonNode fields = json.readTree(file(type).toFile()).path("properties");
        fields.properties().forEach(field -> {
            JsonNode value = body.path(field.getKey());
            if (field.getValue().path("type").asText().equals("string") && (value.isNumber() || value.isBoolean())) {
                body.put(field.getKey(), value.asText());
            }
        });
        return body.toString();
    }

    private Path file(String type) {
        return schemas.resolve("task-" + type + ".json");
    }
}
