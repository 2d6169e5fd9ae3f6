package dev.voiceai.warehouse;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/** The embedded warehouse, made from the files under {@code routes/} as the application makes it. */
final class EmbeddedWarehouse implements AutoCloseable {

    static final Path ROUTES = Path.of("routes").toAbsolutePath();
    private static final String OPTIONS = ";NON_KEYWORDS=VALUE;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";

    final WarehousePool pool;
    final WarehouseTables tables;
    private final JdbcTemplate jdbc;

    private EmbeddedWarehouse(String url) {
        var configuration = new WarehouseConfiguration();
        pool = configuration.warehouse(url, "", "");
        tables = configuration.warehouseTables(url, ROUTES);
        // A test of an absent warehouse need not wait as long as a flush may.
        pool.setConnectionTimeout(5_000);
        jdbc = new JdbcTemplate(pool);
        configuration.embeddedWarehouse(pool, url, ROUTES).afterPropertiesSet();
    }

    static EmbeddedWarehouse in(Path folder) {
        return new EmbeddedWarehouse("jdbc:h2:file:" + folder.resolve("warehouse").toAbsolutePath() + OPTIONS);
    }

    static EmbeddedWarehouse at(String server) {
        return new EmbeddedWarehouse("jdbc:h2:" + server + OPTIONS);
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

    /** With its last connection the database is closed too. */
    @Override
    public void close() {
        pool.close();
    }
}
