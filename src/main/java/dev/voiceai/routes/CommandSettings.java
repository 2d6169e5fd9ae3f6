package dev.voiceai.routes;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Settings of the commands, which build the application without taking any real system into use. */
public final class CommandSettings {

    /** Outside systems are taken out of the settings, so that their embedded stand-ins are used. */
    public static final Map<String, String> NOTHING_OUTSIDE = Collections.unmodifiableMap(Stream.of("sqs.endpoint",
            "retell.base-url", "retell.api-key", "forwarder.function", "abt.url", "crm.url", "eligibility.url", "ledger.url",
            "ledger.user", "ledger.password", "warehouse.url", "warehouse.user", "warehouse.private-key-file",
            "warehouse.private-key-base64", "traces.endpoint", "traces.full-endpoint", "spring.profiles.active").collect(Collectors.toMap(name -> name, name -> "", (a, b) -> b, LinkedHashMap::new)));

    private CommandSettings() {}

    /** The routes folder that the application would run with these arguments. */
    public static Path routesFolder(String... arguments) {
        var environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(arguments));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        return Path.of(environment.getRequiredProperty("routes.dir")).toAbsolutePath().normalize();
    }

    /** Settings as arguments of the application. */
    public static String[] arguments(Map<String, String> settings) {
        return settings.entrySet().stream().map(setting -> "--" + setting).toArray(String[]::new);
    }
}
