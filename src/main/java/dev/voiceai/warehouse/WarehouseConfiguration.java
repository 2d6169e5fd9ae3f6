package dev.voiceai.warehouse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.datasource.init.DataSourceInitializer;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * The warehouse's beans. The data source is built by hand: the context has two, and no property of the ledger's may
 * reach this one. Nothing here connects to Snowflake, so that starting while it is down delays nothing.
 */
@Configuration(proxyBeanMethods = false)
class WarehouseConfiguration {

    /** @param url {@code jdbc:snowflake://…} with db, schema, warehouse and role, or {@code jdbc:h2:…} */
    @Bean
    WarehousePool warehouse(@Value("${warehouse.url}") String url, Environment environment) {
        var pool = new WarehousePool();
        pool.setPoolName("warehouse");
        // One flush at a time, and readers.
        pool.setMaximumPoolSize(3);
        pool.setMinimumIdle(0);
        pool.setInitializationFailTimeout(-1);
        // Snowflake's session token lives for an hour.
        pool.setMaxLifetime(Duration.ofMinutes(30).toMillis());
        pool.setConnectionTimeout(Duration.ofSeconds(30).toMillis());
        if (isH2(url)) {
            // Not by URL: DriverManager would load the Snowflake driver too, which takes most of a second.
            var h2 = new JdbcDataSource();
            h2.setURL(url);
            pool.setDataSource(h2);
            // Days in the views are UTC days.
            pool.setConnectionInitSql("SET TIME ZONE 'UTC'");
        } else if (url.startsWith("jdbc:snowflake:")) {
            pool.setDataSource(new SnowflakeDataSource(url, environment));
        } else {
            throw new IllegalArgumentException("WAREHOUSE_URL must begin with jdbc:snowflake: or jdbc:h2:");
        }
        return pool;
    }

    /** The embedded warehouse makes its tables and views itself; on Snowflake the account script does. */
    @Bean
    DataSourceInitializer embeddedWarehouse(
            @Qualifier("warehouse") DataSource warehouse,
            @Value("${warehouse.url}") String url,
            @Value("${routes.dir}") Path routes) {
        var scripts = new ResourceDatabasePopulator();
        scripts.setSqlScriptEncoding(StandardCharsets.UTF_8.name());
        for (var script : new String[] {"prelude-h2.sql", "schema.sql"}) {
            scripts.addScript(new FileSystemResource(routes.resolve("sql/warehouse").resolve(script)));
        }
        scripts.addScript(new ByteArrayResource(Reports.read(routes).h2Text().getBytes(StandardCharsets.UTF_8)));
        var initializer = new DataSourceInitializer();
        initializer.setDataSource(warehouse);
        initializer.setDatabasePopulator(scripts);
        initializer.setEnabled(isH2(url));
        return initializer;
    }

    @Bean
    WarehouseTables warehouseTables(
            @Value("${warehouse.url}") String url, @Value("${routes.dir}") Path routes) {
        return WarehouseTables.read(routes.resolve("sql"), isH2(url));
    }

    @Bean
    Reports reports(@Value("${routes.dir}") Path routes) {
        return Reports.read(routes);
    }

    /** Tells readiness about the warehouse; never makes it fail. */
    @Bean
    HealthIndicator warehouseHealthIndicator(WarehousePool warehouse) {
        return warehouse::health;
    }

    private static boolean isH2(String url) {
        return url.startsWith("jdbc:h2:");
    }
}
