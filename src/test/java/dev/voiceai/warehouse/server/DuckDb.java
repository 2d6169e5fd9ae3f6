package dev.voiceai.warehouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.duckdb.DuckDBConnection;

/**
 * The database in memory. Snowflake's functions that DuckDB lacks are in {@code prelude.sql}, in the schema main, which
 * every session reads besides its own.
 */
final class DuckDb implements AutoCloseable {

    private final Connection connection;

    DuckDb() {
        try (var prelude = DuckDb.class.getResourceAsStream("prelude.sql")) {
            connection = DriverManager.getConnection("jdbc:duckdb:");
            for (var statement : new String(prelude.readAllBytes(), UTF_8).split(";")) {
                if (!statement.isBlank()) {
                    run(connection, statement);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One more connection to the same data. Days are UTC days. */
    Connection open() throws SQLException {
        var another = ((DuckDBConnection) connection).duplicate();
        run(another, "SET TimeZone = 'UTC'");
        return another;
    }

    static void run(Connection connection, String sql) throws SQLException {
        // An error makes DuckDB's statement unusable: each gets its own.
        try (var statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
