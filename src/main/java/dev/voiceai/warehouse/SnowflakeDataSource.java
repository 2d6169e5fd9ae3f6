package dev.voiceai.warehouse;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.sql.Driver;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Opens connections to Snowflake by its driver, with what {@code warehouse.*} and this class say unless the URL says
 * otherwise (<a href="https://docs.snowflake.com/en/developer-guide/jdbc/jdbc-parameters">its parameters</a>).
 * The key stays in here: properties that are given to the pool would be in its debug log.
 */
final class SnowflakeDataSource extends SimpleDriverDataSource {

    private static final String DRIVER = "net.snowflake.client.api.driver.SnowflakeDriver";

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** Sent when a connection is opened. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("QUERY_TAG", "app=voice-ai"),
            Map.entry("TIMEZONE", "UTC"),
            // Arrow would need --add-opens=java.base/java.nio=ALL-UNNAMED.
            Map.entry("JDBC_QUERY_RESULT_FORMAT", "JSON"),
            // The pool renews its connections; a heartbeat would only keep idle sessions.
            Map.entry("CLIENT_SESSION_KEEP_ALIVE", "false"),
            // It asks cloud metadata addresses at login, for more than a second.
            Map.entry("disablePlatformDetection", "true"),
            Map.entry("CLIENT_TELEMETRY_ENABLED", "false"),
            // Seconds; less than the pool waits for a connection.
            Map.entry("loginTimeout", "20"),
            // Milliseconds of silence. The driver's networkTimeout has no effect; a slow statement answers "in
            // progress" every 45 s. With two retries a silent Snowflake is given up after 4 minutes, within the lease.
            Map.entry("HTTP_CLIENT_SOCKET_TIMEOUT", "75000"),
            Map.entry("maxHttpRetries", "2"),
            // Seconds. What was given up has ended on Snowflake too by then, and can't run beside its own repeat.
            Map.entry("STATEMENT_TIMEOUT_IN_SECONDS", "120"),
            Map.entry("STATEMENT_QUEUED_TIMEOUT_IN_SECONDS", "60"));

    /**
     * @param url {@code jdbc:snowflake://…}
     * @param environment has {@code warehouse.user} and {@code warehouse.private-key-file}, or
     *     {@code warehouse.private-key-base64}, and for an encrypted key {@code warehouse.private-key-password}
     * @throws IllegalArgumentException when the key is given twice, or is no base64; its text is not in the message
     */
    SnowflakeDataSource(String url, Environment environment) {
        // The driver's own logger writes to java.util.logging, past the application's log.
        System.setProperty("net.snowflake.jdbc.loggerImpl", "net.snowflake.client.log.SLF4JLogger");
        setDriverClass(ClassUtils.resolveClassName(DRIVER, null).asSubclass(Driver.class));
        setUrl(url);
        var properties = new Properties();
        var parameters = url.toLowerCase(Locale.ROOT);
        settings(environment).forEach((name, value) -> {
            var parameter = name.toLowerCase(Locale.ROOT) + "=";
            if (!parameters.contains("?" + parameter) && !parameters.contains("&" + parameter)) {
                properties.setProperty(name, value);
            }
        });
        setConnectionProperties(properties);
    }

    private static Map<String, String> settings(Environment environment) {
        var settings = new LinkedHashMap<>(SETTINGS);
        copy(environment, "warehouse.user", settings, "user");
        copy(environment, "warehouse.private-key-file", settings, "private_key_file");
        copy(environment, "warehouse.private-key-base64", settings, "private_key_base64");
        copy(environment, "warehouse.private-key-password", settings, "private_key_pwd");
        settings.computeIfPresent("private_key_base64",
                (name, text) -> base64OfPem(text, settings.containsKey("private_key_pwd")));
        if (settings.containsKey("private_key_file") && settings.containsKey("private_key_base64")) {
            throw new IllegalArgumentException(
                    "Set WAREHOUSE_PRIVATE_KEY_FILE or WAREHOUSE_PRIVATE_KEY_BASE64, not both");
        }
        if (settings.containsKey("private_key_file") || settings.containsKey("private_key_base64")) {
            settings.put("authenticator", "snowflake_jwt");
        }
        return settings;
    }

    private static void copy(Environment environment, String setting, Map<String, String> settings, String parameter) {
        var value = environment.getProperty(setting);
        if (StringUtils.hasText(value)) {
            settings.put(parameter, value.strip());
        }
    }

    /** The driver wants the key's whole file in base64; what stands in it, which is base64 too, is taken as well. */
    private static String base64OfPem(String text, boolean encrypted) {
        try {
            var key = Base64.getDecoder().decode(text.replaceAll("-----[A-Z ]+-----|\\s", ""));
            if (!new String(key, US_ASCII).startsWith("-----BEGIN")) {
                var label = (encrypted ? "ENCRYPTED " : "") + "PRIVATE KEY-----\n";
                key = ("-----BEGIN " + label + LINES.encodeToString(key) + "\n-----END " + label).getBytes(US_ASCII);
            }
            return Base64.getEncoder().encodeToString(key);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("WAREHOUSE_PRIVATE_KEY_BASE64 is no base64");
        }
    }
}
