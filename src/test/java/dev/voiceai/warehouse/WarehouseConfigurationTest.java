package dev.voiceai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

/** The warehouse's beans, by the settings that make them. */
class WarehouseConfigurationTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withUserConfiguration(WarehouseConfiguration.class)
            .withPropertyValues("routes.dir=" + EmbeddedWarehouse.ROUTES);

    @Test
    void theEmbeddedWarehouseHasItsTablesAndViewsWhenTheApplicationHasStarted(@TempDir Path folder) {
        var url = "jdbc:h2:file:" + folder.toAbsolutePath() + "/warehouse;NON_KEYWORDS=VALUE";
        application.withPropertyValues("warehouse.url=" + url)
                .run(context -> {
                    var jdbc = new JdbcTemplate(context.getBean("warehouse", WarehousePool.class));
                    assertThat(jdbc.queryForList("SELECT * FROM funnel")).isEmpty();
                    assertThat(jdbc.queryForList("SELECT * FROM activity")).isEmpty();
                    assertThat(context.getBean(HealthIndicator.class).health().getStatus().getCode()).isEqualTo("UP");
                });
    }

    @Test
    void aWarehouseOfAnEarlierVersionGetsTheColumnsItLacks(@TempDir Path folder) {
        var url = "jdbc:h2:file:" + folder.toAbsolutePath() + "/warehouse;NON_KEYWORDS=VALUE";
        application.withPropertyValues("warehouse.url=" + url).run(context -> {
            var jdbc = new JdbcTemplate(context.getBean("warehouse", WarehousePool.class));
            jdbc.execute("DROP VIEW answer_rate_by_hour");
            jdbc.execute("ALTER TABLE requests DROP COLUMN local_timezone");
        });
        application.withPropertyValues("warehouse.url=" + url).run(context -> {
            var jdbc = new JdbcTemplate(context.getBean("warehouse", WarehousePool.class));
            assertThat(jdbc.queryForList("SELECT local_timezone FROM requests")).isEmpty();
            assertThat(jdbc.queryForList("SELECT * FROM answer_rate_by_hour")).isEmpty();
        });
    }

    @Test
    void theApplicationStartsWhileSnowflakeIsDown() {
        application.withPropertyValues("warehouse.url=jdbc:snowflake://127.0.0.1:1/?account=x&db=voice_ai")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(WarehousePool.class).isRunning()).isFalse();
                    assertThat(context.getBean(HealthIndicator.class).health().getStatus().getCode())
                            .isEqualTo("UNKNOWN");
                });
    }

    @Test
    void snowflakeIsSignedInToWithAKeyPair() {
        assertThat(snowflake("jdbc:snowflake://x.snowflakecomputing.com/?db=voice_ai")).contains(
                entry("user", "voice_ai_service"), entry("private_key_file", "/keys/rsa_key.p8"),
                entry("authenticator", "snowflake_jwt"), entry("QUERY_TAG", "app=voice-ai"),
                entry("JDBC_QUERY_RESULT_FORMAT", "JSON"), entry("disablePlatformDetection", "true"),
                entry("CLIENT_SESSION_KEEP_ALIVE", "false"), entry("HTTP_CLIENT_SOCKET_TIMEOUT", "90000"));
    }

    @Test
    void aParameterOfTheUrlWins() {
        assertThat(snowflake("jdbc:snowflake://127.0.0.1:1/?ssl=off&maxHttpRetries=1&query_tag=mine"))
                .doesNotContainKeys("maxHttpRetries", "QUERY_TAG").containsKey("user");
    }

    @Test
    void anotherDatabaseIsRefused() {
        application.withPropertyValues("warehouse.url=jdbc:postgresql://127.0.0.1/x").run(context ->
                assertThat(context).getFailure().rootCause().hasMessageContaining("jdbc:snowflake:"));
    }

    private static Properties snowflake(String url) {
        var properties = new Properties();
        try (var pool = new WarehouseConfiguration().warehouse(url, "voice_ai_service", "/keys/rsa_key.p8")) {
            properties.putAll(pool.getDataSourceProperties());
        }
        return properties;
    }
}
