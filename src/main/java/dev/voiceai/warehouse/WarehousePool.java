package dev.voiceai.warehouse;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;

/**
 * The pool, which remembers how the latest connection and the latest flush went, so that telling its health never wakes
 * a warehouse.
 */
public final class WarehousePool extends HikariDataSource {

    /** 390100 and up: user, key, session; 390144 is a key that does not belong to the user. */
    private static final int SNOWFLAKE_LOGIN_ERRORS = 390;

    private volatile Health connection = Health.unknown().withDetail("connection", "none needed yet").build();
    private volatile Health flush = Health.up().build();

    @Override
    public Connection getConnection() throws SQLException {
        try {
            var opened = super.getConnection();
            connection = Health.up().build();
            return opened;
        } catch (SQLException e) {
            var cause = cause(e);
            var refused = cause.getErrorCode() / 1000 == SNOWFLAKE_LOGIN_ERRORS;
            connection = degraded("connection", refused ? "Snowflake refused the login" : "failed", cause);
            throw e;
        }
    }

    /** Notes that a flush went through. */
    public void flushed() {
        flush = Health.up().build();
    }

    /** Notes that a flush failed although there was a connection, as where a table or a grant is missing. */
    public void flushFailed(Exception failure) {
        if (failure instanceof SQLException e) {
            flush = degraded("flush", "failed", cause(e));
        }
    }

    Health health() {
        return connection.getStatus().equals(Status.UP) ? flush : connection;
    }

    /** The driver's own exception, which has the codes, under those of the pool. */
    private static SQLException cause(SQLException failure) {
        var cause = failure;
        while (cause.getErrorCode() == 0 && cause.getCause() instanceof SQLException deeper) {
            cause = deeper;
        }
        return cause;
    }

    /**
     * Not down: a pod does all its work while the warehouse is away; rows wait in the outbox. The codes, not the
     * message, which may quote what the driver was given.
     */
    private static Health degraded(String what, String how, SQLException cause) {
        return Health.status("DEGRADED").withDetail(what, how)
                .withDetail("sql_state", String.valueOf(cause.getSQLState()))
                .withDetail("error", cause.getErrorCode()).build();
    }
}
