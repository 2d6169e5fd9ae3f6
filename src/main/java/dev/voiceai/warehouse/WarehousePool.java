package dev.voiceai.warehouse;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.boot.actuate.health.Health;

/** The pool, which remembers how the latest connection went, so that telling its health never wakes a warehouse. */
final class WarehousePool extends HikariDataSource {

    /** 390100 and up: user, key, session; 390144 is a key that does not belong to the user. */
    private static final int SNOWFLAKE_LOGIN_ERRORS = 390;

    private volatile Health health = Health.unknown().withDetail("connection", "none needed yet").build();

    @Override
    public Connection getConnection() throws SQLException {
        try {
            var connection = super.getConnection();
            health = Health.up().build();
            return connection;
        } catch (SQLException e) {
            // Not down: a pod does all its work while the warehouse is away; rows wait in the outbox.
            health = degraded(e);
            throw e;
        }
    }

    /** The codes, not the message: it quotes what the driver was given. */
    private static Health degraded(SQLException failure) {
        var cause = failure;
        while (cause.getErrorCode() == 0 && cause.getCause() instanceof SQLException deeper) {
            cause = deeper;
        }
        var refused = cause.getErrorCode() / 1000 == SNOWFLAKE_LOGIN_ERRORS;
        return Health.status("DEGRADED")
                .withDetail("connection", refused ? "Snowflake refused the login" : "failed")
                .withDetail("sql_state", String.valueOf(cause.getSQLState()))
                .withDetail("error", cause.getErrorCode()).build();
    }

    Health health() {
        return health;
    }
}
