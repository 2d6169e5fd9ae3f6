package dev.voiceai.cases;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.voiceai.routes.Finding;
import dev.voiceai.routes.SourceText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A file of {@code cases/} in the routes folder that keeps {@code case-file.json}.
 *
 * @param name relative to the routes folder, such as {@code cases/voice-api.yaml}
 */
record CaseFile(String name, JsonNode content, SourceText source) {

    private static final String FOLDER = "cases";
    /** What all files share; it has settings and no cases. */
    private static final String SHARED = "settings.yaml";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final JsonSchema FILE = schema("case-file.json");
    private static final JsonSchema SETTINGS = schema("case-settings.json");

    /** The files of a routes folder by name; none where it has no cases. */
    static List<Path> in(Path routes) throws IOException {
        Path folder = routes.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml") && !file.endsWith(SHARED)).sorted().toList();
        }
    }

    /**
     * Reads a file.
     *
     * @param findings gets what is wrong in it
     * @return null where something is wrong
     */
    static CaseFile read(Path file, List<Finding> findings) throws IOException {
        return read(file, FILE, findings);
    }

    /** The settings of every system that the cases start; none where the folder has no such file. */
    static Map<String, String> sharedSettings(Path routes, List<Finding> findings) throws IOException {
        Path file = routes.resolve(FOLDER).resolve(SHARED);
        CaseFile read = Files.exists(file) ? read(file, SETTINGS, findings) : null;
        return read == null ? Map.of() : settings(read.content());
    }

    private static CaseFile read(Path file, JsonSchema schema, List<Finding> findings) throws IOException {
        String name = FOLDER + "/" + file.getFileName();
        JsonNode content;
        try {
            content = YAML.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            findings.add(new Finding(name, Math.max(1, e.getLocation().getLineNr()),
                    "is not YAML: " + e.getOriginalMessage().lines().findFirst().orElse("")));
            return null;
        }
        var read = new CaseFile(name, content, SourceText.of(file));
        List<Finding> wrong = schema.validate(content).stream().map(message -> new Finding(
                name, read.line(message.getInstanceLocation().toString()), message.getError())).toList();
        findings.addAll(wrong);
        return wrong.isEmpty() ? read : null;
    }

    /** The settings that this file's system has beside the shared ones. */
    Map<String, String> settings() {
        return settings(content.path("settings"));
    }

    private static Map<String, String> settings(JsonNode node) {
        Map<String, String> settings = new LinkedHashMap<>();
        node.properties().forEach(setting -> settings.put(setting.getKey(), setting.getValue().asText()));
        return settings;
    }

    /** Whether its cases need a system that no other file uses, and run one after the other. */
    boolean alone() {
        return content.path("alone").asBoolean();
    }

    /** The ids of the routes that no case can drive; the file has the reason of each. */
    Set<String> withoutCase() {
        Set<String> routes = new TreeSet<>();
        content.path("without_case").fieldNames().forEachRemaining(routes::add);
        return routes;
    }

    List<Case> cases() {
        return IntStream.range(0, content.path("cases").size()).mapToObj(index -> new Case(this, index)).toList();
    }

    /** The line, counted from 1, of a place given as JSON Pointer. */
    int line(String pointer) {
        return source.line(pointer);
    }

    private static JsonSchema schema(String resource) {
        try (InputStream text = CaseFile.class.getResourceAsStream(resource)) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(text,
                    SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).errorMessageKeyword("message").build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
