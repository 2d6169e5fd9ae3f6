package dev.voiceai.settings;

import static dev.voiceai.settings.RequiredSettings.isSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/** Settings whose value follows from others, which a default in application.yaml can't say. */
public final class DerivedSettings {
    private static final String RETELL_URL = "https://api.retellai.com";

    private DerivedSettings() {}

    /**
     * The folders as absolute paths, so that they mean the same to every library.
     *
     * @throws StartFailure when application.yaml or the routes are not there
     */
    public static Map<String, Object> folders(Environment environment) {
        if (!environment.containsProperty("routes.dir")) {
            throw new StartFailure(
                    "There is no application.yaml in " + Path.of("").toAbsolutePath() + ".",
                    "Start from the folder that holds application.yaml and routes/, or name the file with"
                            + " --spring.config.location=file:/path/application.yaml.");
        }
        Path routes = absolute(environment, "routes.dir");
        if (!hasRoutes(routes)) {
            throw new StartFailure(
                    "There is no *.camel.yaml file in " + routes + ".", "Set ROUTES_DIR to the folder of the routes.");
        }
        return Map.of("routes.dir", routes.toString(), "data.dir", absolute(environment, "data.dir").toString());
    }

    private static Path absolute(Environment environment, String property) {
        return Path.of(environment.getRequiredProperty(property)).toAbsolutePath().normalize();
    }

    private static boolean hasRoutes(Path folder) {
        try (var files = Files.newDirectoryStream(folder, "*.camel.yaml")) {
            return files.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }

    /** What is still not set when all parts are known. */
    public static Map<String, Object> rest(Environment environment) {
        var settings = new LinkedHashMap<String, Object>();
        if (!isSet(environment, "retell.base-url")) {
            settings.put("retell.base-url", RETELL_URL);
        }
        if (!isSet(environment, "retell.webhook-keys")) {
            settings.put("retell.webhook-keys", environment.getProperty("retell.api-key", ""));
        }
        if (!isSet(environment, "calling.windows")) {
            settings.put("calling.windows", "08:00-20:00");
        }
        // Real people are called in production; elsewhere limits and consent would only be in the way of trying things out.
        boolean production = environment.acceptsProfiles(Profiles.of("production"));
        Map.of("limits.number-24h", 3, "limits.number-7d", 7, "limits.contact-24h", 3, "limits.contact-7d", 7)
                .forEach((limit, calls) -> {
                    if (!isSet(environment, limit)) {
                        settings.put(limit, production ? calls : 0);
                    }
                });
        if (!isSet(environment, "consent.required-for")) {
            settings.put("consent.required-for", production ? "*" : "");
        }
        if (!isSet(environment, "routes.reload")) {
            settings.put("routes.reload", !production);
        }
        boolean embedded = environment.getProperty("warehouse.url", "").startsWith("jdbc:h2:");
        if (!isSet(environment, "warehouse.flush-interval")) {
            settings.put("warehouse.flush-interval", embedded ? "PT1S" : "PT60S");
        }
        if (!isSet(environment, "warehouse.lease")) {
            // At least three times what a statement may take.
            settings.put("warehouse.lease", embedded ? "PT30S" : "PT5M");
        }
        // As many dials as a second may have, or one in as many milliseconds as it takes at less than one a second.
        double callsPerSecond = environment.getRequiredProperty("retell.calls-per-second", Double.class);
        long dials = Math.max(1, (long) callsPerSecond);
        settings.put("retell.dials-per-window", dials);
        settings.put("retell.dial-window-ms", (long) Math.ceil(1000 * dials / callsPerSecond));
        // Camel's http endpoints take milliseconds.
        settings.put(
                "retell.dial-timeout-ms",
                Duration.parse(environment.getRequiredProperty("retell.dial-timeout")).toMillis());
        // JDBC takes whole seconds, at least one.
        settings.put(
                "warehouse.report-timeout-s",
                Math.max(1, Duration.parse(environment.getRequiredProperty("warehouse.report-timeout")).toSeconds()));
        return settings;
    }
}
