package dev.voiceai.health;

import dev.voiceai.http.ApiKeys;
import java.net.URI;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.jdbc.DataSourceHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Without the ledger nothing can be accepted, so it alone makes a pod unready. */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {
    @Bean
    HealthIndicator ledgerHealthIndicator(@Qualifier("ledger") DataSource ledger) {
        return new DataSourceHealthIndicator(ledger);
    }

    /** Says why no call is dialed; the API accepts calls all the same. */
    @Bean
    HealthIndicator dialingHealthIndicator(@Qualifier("ledger") DataSource ledger) {
        return new DialingHealth(ledger);
    }

    /** A file of keys that can't be read leaves the earlier keys valid, so it takes no pod out of service. */
    @Bean
    HealthIndicator apiKeysHealthIndicator(ApiKeys keys) {
        return () -> keys.fault()
                .map(reason -> Health.status("DEGRADED").withDetail("reason", reason))
                .orElseGet(Health::up)
                .build();
    }

    @Bean
    HealthIndicator retellHealthIndicator(@Value("${retell.base-url}") URI retell) {
        return new Reachability(retell);
    }

    @Bean
    HealthIndicator abtHealthIndicator(@Value("${abt.url}") URI abt) {
        return new Reachability(abt);
    }
}
