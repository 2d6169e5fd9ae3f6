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

/**
 * What can be said about a routes folder without running it: {@link RouteRule}, and whether the files beside the routes
 * are what they claim to be. What Camel alone knows (options, beans, expressions) is said by {@link LiveRoutes}.
 */
public final class RouteCheck {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchema META_SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(SchemaLocation.of(SpecVersion.VersionFlag.V202012.getId()));
    private static final String NOT_YAML = "is not YAML: ";
    private static final String UNREADABLE = "can't be read";

    private RouteCheck() {}

    /**
     * What keeps the folder from running.
     *
     * @param folder {@code ROUTES_DIR}
     * @return empty when nothing does
     */
    public static List<Finding> refusals(Path folder) {
        return findings(folder, RouteRule::refuses);
    }

    /** The same before a start, when Camel's schema is left to Camel: it names an unknown step by itself while it loads. */
    static List<Finding> refusalsAtStart(Path folder) {
        return findings(folder, rule -> rule.refuses() && rule != RouteRule.CAMEL_SCHEMA);
    }

    /** What breaks a rule of style; a folder that can't be read has none. */
    public static List<Finding> advice(Path folder) {
        return findings(folder, rule -> !rule.refuses());
    }

    /** Whether the folder could not even be read for other findings. */
    static boolean isUnreadable(Finding finding) {
        return finding.message().startsWith(NOT_YAML) || finding.message().equals(UNREADABLE);
    }

    private static List<Finding> findings(Path folder, Predicate<RouteRule> wanted) {
        try {
            RouteFiles files = RouteFiles.read(folder);
            List<Finding> findings = new ArrayList<>();
            if (wanted.test(RouteRule.TARGETS)) {
                findings.addAll(schemas(files));
            }
            Arrays.stream(RouteRule.values()).filter(wanted).forEach(rule -> findings.addAll(rule.findings(files)));
            return findings;
        } catch (UncheckedIOException e) {
            return wanted.test(RouteRule.TARGETS) ? List.of(unreadable(folder, e)) : List.of();
        }
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
                    NOT_YAML + syntax.getOriginalMessage().lines().findFirst().orElse(""));
        }
        return new Finding(file, 1, UNREADABLE);
    }
}
