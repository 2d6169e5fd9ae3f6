package dev.voiceai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.voiceai.warehouse.server.SnowflakeServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

/** The ways to log in to Snowflake with a key pair, by its driver. */
class SnowflakeLoginTest {

    private static final String PASSWORD = "correct horse";

    @TempDir
    private Path folder;

    private static SnowflakeServer server;
    private static ServiceUser user;

    @BeforeAll
    static void start() {
        server = new SnowflakeServer();
        user = ServiceUser.named("voice_ai_service");
        server.trust(user.name(), user.keys().getPublic());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theKeyIsInAFile() throws Exception {
        logIn("private-key-file", file(user.pem()), "");
    }

    @Test
    void theKeyIsInAnEncryptedFile() throws Exception {
        logIn("private-key-file", file(user.pem(PASSWORD)), PASSWORD);
    }

    @Test
    void theKeyIsItsFileInBase64() throws Exception {
        logIn("private-key-base64", ServiceUser.base64(user.pem()), "");
    }

    @Test
    void theKeyIsItsEncryptedFileInBase64() throws Exception {
        logIn("private-key-base64", ServiceUser.base64(user.pem(PASSWORD)), PASSWORD);
    }

    @Test
    void theKeyIsWhatStandsInItsFile() throws Exception {
        logIn("private-key-base64", user.base64(), "");
        logIn("private-key-base64", user.pem(), "");
        logIn("private-key-base64", user.pem(PASSWORD), PASSWORD);
    }

    @Test
    void theLoginIsOneRequestAndSetsTheSession() throws Exception {
        var before = server.requests().size();
        try (var connection = dataSource("private-key-base64", user.base64(), "").getConnection()) {
            assertThat(connection.isValid(1)).isTrue();
            assertThat(server.requests().stream().skip(before).map(request -> request.path()))
                    .containsExactly("/session/v1/login-request", "/session/heartbeat");
            assertThat(server.sessionParameters()).singleElement().satisfies(parameters -> {
                assertThat(parameters.path("QUERY_TAG").asText()).isEqualTo("app=voice-ai");
                assertThat(parameters.path("TIMEZONE").asText()).isEqualTo("UTC");
                assertThat(parameters.path("STATEMENT_TIMEOUT_IN_SECONDS").asInt()).isEqualTo(120);
            });
        }
        assertThat(server.sessionParameters()).isEmpty();
    }

    @Test
    void theKeyOfSomebodyElseIsRefused() {
        var other = ServiceUser.named(user.name());

        assertThatThrownBy(() -> logIn("private-key-base64", other.base64(), ""))
                .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(390144))
                .hasMessageNotContaining(other.base64().substring(0, 40));
    }

    /** Its SQLState is that of a statement that does not compile; the route has to see that there is no connection. */
    @Test
    void aKeyThatCannotBeReadIsNoConnection() throws Exception {
        var settings = settings("private-key-file", file(user.pem(PASSWORD)), "wrong");
        try (var pool = new WarehouseConfiguration().warehouse(server.url("voice_ai", "calls", ""), settings)) {
            pool.setConnectionTimeout(1_000);

            assertThatThrownBy(pool::getConnection).isInstanceOf(SQLTransientConnectionException.class);

            assertThat(pool.health().getStatus().getCode()).isEqualTo("DEGRADED");
            assertThat(pool.health().getDetails()).containsEntry("connection", "failed");
        }
    }

    private static void logIn(String setting, String key, String password) throws SQLException {
        try (var connection = dataSource(setting, key, password).getConnection()) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    private static SnowflakeDataSource dataSource(String setting, String key, String password) {
        return new SnowflakeDataSource(server.url("voice_ai", "calls", ""), settings(setting, key, password));
    }

    private static MockEnvironment settings(String setting, String key, String password) {
        return new MockEnvironment()
                .withProperty("warehouse.user", user.name())
                .withProperty("warehouse." + setting, key)
                .withProperty("warehouse.private-key-password", password);
    }

    private String file(String pem) throws Exception {
        var file = Files.createFile(folder.resolve("rsa_key.p8"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, pem).toString();
    }
}
