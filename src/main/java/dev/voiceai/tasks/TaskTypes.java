package dev.voiceai.tasks;

import dev.voiceai.http.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The task types: the files {@code schemas/task-<type>.json} of the routes folder, and nothing else. */
public final class TaskTypes {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    private final Path schemas;

    public TaskTypes(Path routes) {
        this.schemas = routes.resolve("schemas");
    }

    /**
     * Checks that a type exists. The name comes from outside: it never leaves the folder.
     *
     * @throws Problem status 404
     */
    public void require(String type) {
        if (type == null || !NAME.matcher(type).matches() || !Files.isRegularFile(schemas.resolve("task-" + type + ".json"))) {
            throw Problem.notFound("No task type has this name.");
        }
    }
}
