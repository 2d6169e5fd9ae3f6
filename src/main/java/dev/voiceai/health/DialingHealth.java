package dev.voiceai.health;

import java.util.LinkedHashMap;
import javax.sql.DataSource;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Whether dialing is paused, by whom and why. {@code DEGRADED}, never {@code DOWN}: a pod that does not dial still accepts
 * calls, and no restart ends a pause. A pause of one number is shown without the number.
 */
final class DialingHealth implements HealthIndicator {
    private static final String PAUSES = "SELECT scope, code, reason FROM dialing_pause ORDER BY scope";

    private final JdbcClient ledger;

    DialingHealth(DataSource ledger) {
        this.ledger = JdbcClient.create(ledger);
    }

    @Override
    public Health health() {
        try {
            var pauses = new LinkedHashMap<String, Object>();
            ledger.sql(PAUSES).query((row, no) -> pauses.put(
                    row.getString("scope").replaceFirst("^(from_number)/.*", "$1 " + (no + 1)),
                    row.getString("code") + ": " + row.getString("reason"))).list();
            return pauses.isEmpty()
                    ? Health.up().build()
                    : Health.status("DEGRADED").withDetail("reason", "dialing is paused").withDetails(pauses).build();
        } catch (CannotGetJdbcConnectionException away) {
            // The indicator of the ledger says so already.
            return Health.unknown().build();
        } catch (DataAccessException failed) {
            return Health.unknown().withDetail("reason", failed.getClass().getSimpleName()).build();
        }
    }
}
