package dev.voiceai.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One PostgreSQL server for all tests of this JVM, with a new database for each that asks. */
public final class Postgres {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static EmbeddedPostgres server;
    private static String refusal;

    private Postgres() {}

    /** Settings of a ledger of its own; skips the test where PostgreSQL can't start, and says why. */
    public static synchronized Map<String, String> newLedger() {
        start();
        assumeTrue(server != null, () -> "PostgreSQL does not start here: " + refusal);
        String database = "ledger_" + DATABASES.incrementAndGet();
        JdbcClient.create(server.getPostgresDatabase()).sql("CREATE DATABASE " + database).update();
        return Map.of(
                "LEDGER_URL", server.getJdbcUrl("postgres", database),
                "LEDGER_USER", "postgres",
                "LEDGER_PASSWORD", "postgres");
    }

    private static void start() {
        if (server != null || refusal != null) {
            return;
        }
        try {
            // Stops with the JVM by its own hook.
            server = EmbeddedPostgres.builder().setServerConfig("max_connections", "200").start();
        } catch (IOException | RuntimeException e) {
            refusal = e.getMessage();
        }
    }
}
