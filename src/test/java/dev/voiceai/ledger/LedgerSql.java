package dev.voiceai.ledger;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An empty ledger, and the files of {@code routes/sql} as the routes execute them. */
final class LedgerSql implements AutoCloseable {

    private static final Path FOLDER = Path.of("routes/sql").toAbsolutePath();

    private final HikariDataSource ledger = new HikariDataSource();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final TransactionTemplate transaction;
    final JdbcClient jdbc;

    LedgerSql(String url) {
        ledger.setJdbcUrl(url);
        ledger.setMaximumPoolSize(8);
        Flyway.configure().dataSource(ledger).load().migrate();
        transaction = new TransactionTemplate(new JdbcTransactionManager(ledger));
        jdbc = JdbcClient.create(ledger);
        camel.getRegistry().bind("ledger", ledger);
        camel.start();
    }

    /** Answers the number of rows that the statement changed. */
    int update(String file, Map<String, Object> variables) {
        return execute(file, "", variables).getMessage().getHeader("CamelSqlUpdateCount", Integer.class);
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> select(String file, Map<String, Object> variables) {
        return execute(file, "", variables).getMessage().getBody(List.class);
    }

    Exchange execute(String file, String options, Map<String, Object> variables) {
        var exchange = camel.getEndpoint("direct:test").createExchange();
        variables.forEach(exchange::setVariable);
        camel.createProducerTemplate().send("sql:file:" + FOLDER.resolve(file + ".sql") + "?dataSource=#ledger" + options, exchange);
        if (exchange.getException() instanceof RuntimeException failure) {
            throw failure;
        }
        if (exchange.getException() != null) {
            throw new IllegalStateException(exchange.getException());
        }
        return exchange;
    }

    /** Commits, unless the work throws. */
    <T> T inTransaction(Callable<T> work) {
        return transaction.execute(status -> call(work));
    }

    /** Leaves nothing behind. */
    <T> T tryOut(Callable<T> work) {
        var result = new AtomicReference<T>();
        transaction.executeWithoutResult(status -> {
            status.setRollbackOnly();
            result.set(call(work));
        });
        return result.get();
    }

    private static <T> T call(Callable<T> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        camel.stop();
        ledger.close();
    }
}
