package dev.voiceai.warehouse;

import java.nio.file.Path;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * Makes the tables and views on Snowflake by the driver, where no other client is at hand; {@code docs/warehouse.md}
 * has the command. It reads {@code WAREHOUSE_URL} and the other settings of the login from the environment. The role has to
 * own the schema, which the application's does not.
 */
public final class WarehouseSetup {

    private WarehouseSetup() {
    }

    /** May run again: what is there stays. */
    public static void main(String[] args) {
        // The application's log format, in place of Logback's default of printing everything.
        LoggingSystem logging = LoggingSystem.get(WarehouseSetup.class.getClassLoader());
        logging.beforeInitialize();
        logging.initialize(new LoggingInitializationContext(new StandardEnvironment()), null, null);
        run(new StandardEnvironment());
        System.out.println("The warehouse has its tables and views.");
    }

    static void run(Environment environment) {
        var folder = Path.of(environment.getProperty("routes.dir", "routes"), "sql", "warehouse");
        var scripts = new ResourceDatabasePopulator(
                new FileSystemResource(folder.resolve("schema.sql")),
                new FileSystemResource(folder.resolve("views.sql")));
        scripts.execute(new SnowflakeDataSource(environment.getRequiredProperty("warehouse.url"), environment));
    }
}
