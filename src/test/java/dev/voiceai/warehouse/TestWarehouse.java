package dev.voiceai.warehouse;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.core.env.Environment;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ScriptUtils;
import org.springframework.mock.env.MockEnvironment;

/** A warehouse with its tables and views, made from the files under {@code routes/} as they are made in production. */
final class TestWarehouse implements AutoCloseable {

    static final Path ROUTES = Path.of("routes").toAbsolutePath();
    private static final String OPTIONS = ";NON_KEYWORDS=VALUE;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";

    final WarehousePool pool;
    final WarehouseTables tables;
    private final JdbcTemplate jdbc;
    private final Runnable end;

    private TestWarehouse(WarehousePool pool, WarehouseTables tables, Runnable end) {
        this.pool = pool;
        this.tables = tables;
        this.end = end;
        jdbc = new JdbcTemplate(pool);
    }

    static TestWarehouse in(Path folder) {
        return embedded("jdbc:h2:file:" + folder.resolve("warehouse").toAbsolutePath() + OPTIONS,
                Duration.ofSeconds(30));
    }

    static TestWarehouse at(String server) {
        // A test of an absent server need not wait as long as a flush may.
        return embedded("jdbc:h2:" + server + OPTIONS, Duration.ofSeconds(5));
    }

    private static TestWarehouse embedded(String url, Duration connectionTimeout) {
        var configuration = new WarehouseConfiguration();
        var pool = configuration.warehouse(url, new MockEnvironment());
        pool.setConnectionTimeout(connectionTimeout.toMillis());
        configuration.embeddedWarehouse(pool, url, ROUTES).afterPropertiesSet();
        return new TestWarehouse(pool, configuration.warehouseTables(url, ROUTES), () -> { });
    }

    /**
     * A schema of its own in the database that the URL names; it is dropped at the end.
     *
     * @param environment has the settings {@code warehouse.user} and one of the keys
     */
    static TestWarehouse onSnowflake(String url, Environment environment) throws SQLException {
        var configuration = new WarehouseConfiguration();
        var pool = configuration.warehouse(url, environment);
        var schema = "voice_ai_test_" + UUID.randomUUID().toString().replace('-', '_');
        pool.setConnectionInitSql("USE SCHEMA " + schema);
        try (var connection = pool.getDataSource().getConnection()) {
            run(connection, "CREATE SCHEMA " + schema);
            run(connection, "USE SCHEMA " + schema);
            for (var script : List.of("schema.sql", "views.sql")) {
                ScriptUtils.executeSqlScript(connection,
                        new FileSystemResource(ROUTES.resolve("sql/warehouse").resolve(script)));
            }
        }
        var tables = configuration.warehouseTables(url, ROUTES);
        return new TestWarehouse(pool, tables,
                () -> new JdbcTemplate(pool).execute("DROP SCHEMA " + schema + " CASCADE"));
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a table's statement and returns the number of rows that it changed. */
    int write(String table, String rows) {
        return write(table, rows, "2000-01-01T00:00:00Z");
    }

    int write(String table, String rows, String oldest) {
        var sql = table(table).sql();
        var statement = sql.replace(":?rows", "?").replace(":?oldest", "?");
        return sql.contains(":?oldest") ? jdbc.update(statement, rows, oldest) : jdbc.update(statement, rows);
    }

    WarehouseTable table(String name) {
        return tables.tables().stream().filter(table -> table.name().equals(name)).findFirst().orElseThrow();
    }

    List<Map<String, Object>> query(String sql) {
        return jdbc.queryForList(sql);
    }

    Map<String, Object> row(String sql) {
        return jdbc.queryForMap(sql);
    }

    void execute(String sql) {
        jdbc.execute(sql);
    }

    /** Without the statements that only take personal data out of a table. */
    static Stream<WarehouseTable> tablesOf(WarehouseTables statements) {
        return statements.tables().stream().filter(table -> !table.name().startsWith("erased_"));
    }

    void deleteRows() {
        tablesOf(tables).forEach(table -> jdbc.update("DELETE FROM " + table.name()));
    }

    /** With its last connection an embedded database is closed too. */
    @Override
    public void close() {
        end.run();
        pool.close();
    }
}
