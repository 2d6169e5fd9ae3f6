package dev.voiceai.warehouse;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.boot.actuate.health.Health;

/** The pool, which remembers how the latest connection went, so that telling its health never wakes a warehouse. */
final class WarehousePool extends HikariDataSource {

    private volatile Health health = Health.unknown().withDetail("connection", "none needed yet").build();

    @Override
    public Connection getConnection() throws SQLException {
        try {
            var connection = super.getConnection();
            health = Health.up().build();
            return connection;
        } catch (SQLException e) {
            // Not down: a pod does all its work while the warehouse is away; rows wait in the outbox.
            health = Health.status("DEGRADED").withDetail("connection", "failed")
                    .withDetail("sql_state", String.valueOf(e.getSQLState())).build();
            throw e;
        }
    }

    Health health() {
        return health;
    }
}
