package dev.voiceai.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.voiceai.settings.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;

class EmbeddedPartsInitializerTest {
    private static final Map<String, String> PRODUCTION = Map.ofEntries(
            Map.entry("spring.profiles.active", "production"),
            Map.entry("CALL_REQUESTS_QUEUE_URL", "https://sqs.eu-central-1.amazonaws.com/1/requests"),
            Map.entry("CALL_EVENTS_QUEUE_URL", "https://sqs.eu-central-1.amazonaws.com/1/events"),
            Map.entry("RETELL_API_KEY", "key_1"),
            Map.entry("RETELL_FROM_NUMBER", "+12065550199"),
            Map.entry("RETELL_AGENT_ID", "agent_1"),
            Map.entry("ABT_URL", "https://abt.example/events"),
            Map.entry("LEDGER_URL", "jdbc:postgresql://db/voice"),
            Map.entry("LEDGER_USER", "voice"),
            Map.entry("LEDGER_PASSWORD", "x"),
            Map.entry("WAREHOUSE_URL", "jdbc:snowflake://account"),
            Map.entry("WAREHOUSE_USER", "voice"),
            Map.entry("WAREHOUSE_PRIVATE_KEY_FILE", "/run/key"),
            Map.entry("ENGAGE_API_KEYS", "engage:a"),
            Map.entry("BUSINESS_API_KEYS", "business:b"),
            Map.entry("OPERATOR_API_KEYS", "operator:c"),
            Map.entry("PRIVACY_HASH_KEY", "d"));

    @TempDir
    Path folder;

    private Path data;
    private Path routes;

    @BeforeEach
    void layOutFolders() throws IOException {
        data = folder.resolve("data");
        routes = Files.createDirectory(folder.resolve("routes"));
        Files.writeString(routes.resolve("one.camel.yaml"), "[]");
    }

    @Test
    void withNothingSetEveryPartIsEmbeddedOnLoopback() {
        try (var context = start(Map.of())) {
            var settings = context.getEnvironment();

            assertThat(settings.getProperty("sqs.endpoint")).startsWith("http://127.0.0.1:");
            assertThat(settings.getProperty("retell.base-url")).startsWith("http://127.0.0.1:");
            assertThat(settings.getProperty("lambda.endpoint")).startsWith("http://127.0.0.1:");
            assertThat(settings.getProperty("abt.url")).startsWith("http://127.0.0.1:");
            assertThat(settings.getProperty("ledger.url"))
                    .startsWith("jdbc:h2:file:" + data.resolve("ledger"))
                    .contains("MODE=PostgreSQL", "DATABASE_TO_LOWER=TRUE", "WRITE_DELAY=0");
            assertThat(settings.getProperty("warehouse.url")).contains("NON_KEYWORDS=VALUE", "WRITE_DELAY=0");
            assertThat(settings.getProperty("warehouse.flush-interval")).isEqualTo("PT1S");
            assertThat(settings.getProperty("calling.windows")).isEqualTo("always");
            assertThat(settings.getProperty("retell.from-number")).isEqualTo("+14155550100");
            assertThat(settings.getProperty("retell.agent-id")).isEqualTo("agent_sandbox");
            assertThat(settings.getProperty("retell.webhook-keys")).isEqualTo(settings.getProperty("retell.api-key"));
            assertThat(settings.getProperty("api-keys.engage")).startsWith("engage:");
            assertThat(settings.getProperty("privacy.reveal-keys")).isEqualTo("operator");
            assertThat(settings.getProperty("queues.call-requests-url")).isEqualTo("queue:call-requests");
            assertThat(settings.getProperty("queues.call-events-dlq-url")).isEqualTo("queue:call-events-dlq");
            assertThat(settings.getProperty("retell.dial-timeout-ms")).isEqualTo("30000");
        }
    }

    @Test
    void keysAreTheSameAfterARestart() {
        String engage;
        String retell;
        String privacy;
        try (var context = start(Map.of())) {
            privacy = context.getEnvironment().getRequiredProperty("privacy.hash-key");
            engage = context.getEnvironment().getProperty("api-keys.engage");
            retell = context.getEnvironment().getProperty("retell.api-key");
        }
        try (var context = start(Map.of())) {
            assertThat(context.getEnvironment().getProperty("api-keys.engage")).isEqualTo(engage);
            assertThat(context.getEnvironment().getProperty("retell.api-key")).isEqualTo(retell);
            assertThat(context.getEnvironment().getProperty("privacy.hash-key")).isEqualTo(privacy);
        }
    }

    @Test
    void whatIsSetIsNotEmbedded() {
        var real = Map.of(
                "AWS_ENDPOINT_URL_SQS", "http://sqs.example:9324",
                "RETELL_BASE_URL", "http://retell.example",
                "ABT_URL", "http://abt.example",
                "FORWARDER_FUNCTION", "forwarder",
                "LEDGER_URL", "jdbc:postgresql://db/voice",
                "WAREHOUSE_URL", "jdbc:snowflake://account",
                "ENGAGE_API_KEYS", "engage:secret");
        try (var context = start(real)) {
            var settings = context.getEnvironment();

            assertThat(settings.getProperty("sqs.endpoint")).isEqualTo("http://sqs.example:9324");
            assertThat(settings.getProperty("retell.base-url")).isEqualTo("http://retell.example");
            assertThat(settings.getProperty("retell.api-key")).startsWith("retell_");
            assertThat(settings.getProperty("retell.from-number")).isEqualTo("+14155550100");
            assertThat(settings.getProperty("calling.windows")).isEqualTo("08:00-20:00");
            assertThat(settings.getProperty("abt.url")).isEqualTo("http://abt.example");
            assertThat(settings.getProperty("forwarder.function")).isEqualTo("forwarder");
            assertThat(settings.getProperty("lambda.endpoint")).isEmpty();
            assertThat(settings.getProperty("warehouse.flush-interval")).isEqualTo("PT60S");
            assertThat(settings.getProperty("api-keys.engage")).isEqualTo("engage:secret");
            assertThat(data).isDirectoryContaining("glob:**/keys.properties").isDirectoryNotContaining("glob:**/*.db");
        }
    }

    @Test
    void withOnlyTheKeyRetellIsTheRealOne() {
        try (var context = start(Map.of(
                "RETELL_API_KEY", "key_1", "RETELL_FROM_NUMBER", "+12065550199", "RETELL_AGENT_ID", "agent_1"))) {
            assertThat(context.getEnvironment().getProperty("retell.base-url")).isEqualTo("https://api.retellai.com");
            assertThat(context.getEnvironment().getProperty("retell.webhook-keys")).isEqualTo("key_1");
            assertThat(context.getEnvironment().getProperty("calling.windows")).isEqualTo("08:00-20:00");
        }
    }

    @Test
    void aRealRetellNeedsANumberOfItsOwn() {
        assertThatThrownBy(() -> start(Map.of("RETELL_API_KEY", "key_1")).close())
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("RETELL_FROM_NUMBER")
                .hasMessageContaining("RETELL_AGENT_ID");
    }

    @Test
    void productionNamesEveryMissingSettingAtOnceAndNoValue() {
        var settings = Map.of("spring.profiles.active", "production", "ABT_URL", "https://abt.example");

        assertThatThrownBy(() -> start(settings).close())
                .isInstanceOf(StartFailure.class)
                .message()
                .contains(
                        "CALL_REQUESTS_QUEUE_URL", "CALL_EVENTS_QUEUE_URL", "RETELL_API_KEY", "RETELL_FROM_NUMBER",
                        "RETELL_AGENT_ID", "LEDGER_URL", "LEDGER_USER", "LEDGER_PASSWORD", "WAREHOUSE_URL",
                        "WAREHOUSE_USER", "WAREHOUSE_PRIVATE_KEY_FILE", "ENGAGE_API_KEYS", "BUSINESS_API_KEYS",
                        "OPERATOR_API_KEYS",
                        "PRIVACY_HASH_KEY")
                .doesNotContain("ABT_URL");
        assertThat(data).doesNotExist();
    }

    @Test
    void productionTakesTheWarehousesKeyAsTextInPlaceOfAFile() {
        var settings = new HashMap<>(PRODUCTION);
        settings.remove("WAREHOUSE_PRIVATE_KEY_FILE");
        settings.put("WAREHOUSE_PRIVATE_KEY_BASE64", "AAAA");

        try (var context = start(settings)) {
            assertThat(context.getEnvironment().getProperty("warehouse.private-key-base64")).isEqualTo("AAAA");
        }
    }

    @Test
    void productionTakesAFileInPlaceOfTheThreeListsOfKeys() {
        var settings = new HashMap<>(PRODUCTION);
        settings.keySet().removeIf(variable -> variable.endsWith("_API_KEYS"));
        settings.put("API_KEYS_FILE", "/run/api-keys");

        try (var context = start(settings)) {
            assertThat(context.getEnvironment().getProperty("api-keys.file")).isEqualTo("/run/api-keys");
        }
    }

    @Test
    void withAFileOfKeysNoneAreMadeUp() {
        try (var context = start(Map.of("API_KEYS_FILE", "/run/api-keys"))) {
            assertThat(context.getEnvironment().getProperty("api-keys.engage")).isEmpty();
            assertThat(context.getEnvironment().getProperty("privacy.reveal-keys")).isEmpty();
        }
    }

    @Test
    void productionStartsNothingEmbedded() {
        try (var context = start(PRODUCTION)) {
            var settings = context.getEnvironment();

            assertThat(data).doesNotExist();
            assertThat(settings.getProperty("sqs.endpoint")).isEmpty();
            assertThat(settings.getProperty("forwarder.function")).isEmpty();
            assertThat(settings.getProperty("queues.call-requests-dlq-url"))
                    .isEqualTo("https://sqs.eu-central-1.amazonaws.com/1/requests-dlq");
            assertThat(settings.getProperty("calling.windows")).isEqualTo("08:00-20:00");
        }
    }

    @Test
    void onlyProductionLimitsCallsAndAsksForConsentByItself() {
        try (var context = start(Map.of())) {
            assertThat(limitsAndConsent(context)).containsExactly("0", "0", "0", "0", "");
        }
        try (var context = start(PRODUCTION)) {
            assertThat(limitsAndConsent(context)).containsExactly("3", "7", "3", "7", "*");
        }
        var set = Map.of("CALLS_PER_NUMBER_24H", "1", "CALLS_PER_NUMBER_7D", "0", "CALLS_PER_CONTACT_24H", "2",
                "CALLS_PER_CONTACT_7D", "5", "CONSENT_REQUIRED_FOR", "marketing");
        for (var others : List.of(Map.<String, String>of(), PRODUCTION)) {
            var variables = new HashMap<>(others);
            variables.putAll(set);
            try (var context = start(variables)) {
                assertThat(limitsAndConsent(context)).containsExactly("1", "0", "2", "5", "marketing");
            }
        }
    }

    @Test
    void productionTakesNoChangedRouteByItself() {
        try (var context = start(Map.of())) {
            assertThat(context.getEnvironment().getProperty("routes.reload")).isEqualTo("true");
        }
        try (var context = start(PRODUCTION)) {
            assertThat(context.getEnvironment().getProperty("routes.reload")).isEqualTo("false");
        }
    }

    private static List<String> limitsAndConsent(GenericApplicationContext context) {
        return Stream.of("limits.number-24h", "limits.number-7d", "limits.contact-24h", "limits.contact-7d",
                "consent.required-for").map(context.getEnvironment()::getProperty).toList();
    }

    @Test
    void withoutApplicationYamlTheFileIsNamed() {
        try (var context = new GenericApplicationContext()) {
            assertThatThrownBy(() -> new EmbeddedPartsInitializer().initialize(context))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("application.yaml");
        }
    }

    @Test
    void withoutRoutesTheFolderIsNamed() {
        assertThatThrownBy(() -> start(Map.of("ROUTES_DIR", folder.resolve("none").toString())).close())
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(folder.resolve("none").toString());
    }

    /** A context with the settings of application.yaml and nothing of this machine's environment. */
    private GenericApplicationContext start(Map<String, String> variables) {
        var context = new GenericApplicationContext();
        var environment = new StandardEnvironment();
        var sources = environment.getPropertySources();
        sources.remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        var properties = new Properties();
        properties.put("ROUTES_DIR", routes.toString());
        properties.put("DATA_DIR", data.toString());
        properties.putAll(variables);
        sources.addLast(new PropertiesPropertySource("variables", properties));
        sources.addLast(applicationYaml());
        context.setEnvironment(environment);
        try {
            new EmbeddedPartsInitializer().initialize(context);
            context.refresh();
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
        return context;
    }

    private static PropertySource<?> applicationYaml() {
        try {
            return new YamlPropertySourceLoader()
                    .load("application.yaml", new FileSystemResource("application.yaml"))
                    .get(0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
