package dev.voiceai.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import javax.sql.DataSource;
import org.apache.camel.ProducerTemplate;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** The ledger's beans, by the names that the routes use. Flyway migrates the primary data source at start. */
@Configuration(proxyBeanMethods = false)
class LedgerConfiguration {

    @Bean
    @Primary
    HikariDataSource ledger(
            @Value("${ledger.url}") String url,
            @Value("${ledger.user:}") String user,
            @Value("${ledger.password:}") String password,
            @Value("${ledger.pool-size}") int poolSize) {
        var dataSource = new HikariDataSource();
        dataSource.setPoolName("ledger");
        dataSource.setJdbcUrl(url);
        dataSource.setUsername(user);
        dataSource.setPassword(password);
        dataSource.setMaximumPoolSize(poolSize);
        // An API request waits this long for a connection before it is answered 503.
        dataSource.setConnectionTimeout(5_000);
        return dataSource;
    }

    @Bean
    PlatformTransactionManager ledgerTransactionManager(@Qualifier("ledger") DataSource ledger) {
        return new JdbcTransactionManager(ledger);
    }

    @Bean
    LedgerAvailability ledgerAvailability(@Qualifier("ledger") DataSource ledger) {
        return new LedgerAvailability(ledger);
    }

    @Bean
    LedgerTransaction ledgerTransaction(
            PlatformTransactionManager ledgerTransactionManager, LedgerAvailability ledgerAvailability) {
        return new LedgerTransaction(ledgerTransactionManager, ledgerAvailability);
    }

    @Bean
    @ConditionalOnMissingBean
    LedgerClock clock() {
        return new LedgerClock(Clock.systemUTC());
    }

    @Bean
    Ids ids() {
        return new Ids();
    }

    @Bean
    Failures failures() {
        return new Failures();
    }

    @Bean
    LedgerTypeConverters ledgerTypeConverters(ObjectMapper json) {
        return new LedgerTypeConverters(json);
    }

    @Bean
    OutboxSignal outboxSignal(ProducerTemplate producerTemplate) {
        return new OutboxSignal(producerTemplate);
    }
}
