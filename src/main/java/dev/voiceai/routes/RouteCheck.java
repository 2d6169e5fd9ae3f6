package dev.voiceai.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What can be said about a routes folder without running it: {@link RouteRule}, and whether the files beside the routes
 * are what they claim to be. What Camel alone knows (options, beans, expressions) is said by {@link LiveRoutes}.
 */
final class RouteCheck {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchema META_SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(SchemaLocation.of(SpecVersion.VersionFlag.V202012.getId()));

    /** Null when they can't be read. */
    private final RouteFiles files;
    /** Why they can't be read; null when they can. */
    private final Finding unreadable;

    private RouteCheck(RouteFiles files, Finding unreadable) {
        this.files = files;
        this.unreadable = unreadable;
    }

    /** @param folder {@code ROUTES_DIR} */
    static RouteCheck of(Path folder) {
        try {
            return new RouteCheck(RouteFiles.read(folder), null);
        } catch (UncheckedIOException e) {
            return new RouteCheck(null, unreadable(folder, e));
        }
    }

    /** What was read, where {@link #refusals()} are empty or not of that kind; else null. */
    RouteFiles files() {
        return files;
    }

    /** What keeps the folder from running; empty when nothing does. */
    List<Finding> refusals() {
        return refusals(RouteRule::refuses);
    }

    /** The same before a start, when Camel's schema is left to Camel: it names an unknown step by itself while it loads. */
    List<Finding> refusalsAtStart() {
        return refusals(rule -> rule.refuses() && rule != RouteRule.CAMEL_SCHEMA);
    }

    /** What breaks a rule of style; a folder that can't be read has none. */
    List<Finding> advice() {
        return files == null ? List.of() : findings(rule -> !rule.refuses()).toList();
    }

    private List<Finding> refusals(Predicate<RouteRule> rules) {
        return files == null ? List.of(unreadable) : Stream.concat(schemas(files).stream(), findings(rules)).toList();
    }

    private Stream<Finding> findings(Predicate<RouteRule> rules) {
        return Arrays.stream(RouteRule.values()).filter(rules).flatMap(rule -> rule.findings(files).stream());
    }

    private static List<Finding> schemas(RouteFiles files) {
        List<Finding> findings = new ArrayList<>();
        for (String file : files.files().stream().filter(name -> name.endsWith(".json")).toList()) {
            try {
                var content = JSON.readTree(files.content(file));
                if (file.startsWith("schemas/")) {
                    META_SCHEMA.validate(content).stream()
                            .map(message -> new Finding(file, 1, "is no JSON Schema: " + message.getMessage()))
                            .limit(1).forEach(findings::add);
                }
            } catch (JsonProcessingException e) {
                findings.add(new Finding(file, Math.max(1, e.getLocation().getLineNr()), "is not JSON: " + e.getOriginalMessage()));
            }
        }
        return findings;
    }

    private static Finding unreadable(Path folder, UncheckedIOException failure) {
        IOException cause = failure.getCause();
        String file = failure.getMessage().replaceAll("(?s): .*", "").replace(folder + "/", "");
        if (cause instanceof JsonProcessingException syntax) {
            return new Finding(file, Math.max(1, syntax.getLocation().getLineNr()),
                    "is not YAML: " + syntax.getOriginalMessage().lines().findFirst().orElse(""));
        }
        return new Finding(file, 1, "can't be read");
    }
}
