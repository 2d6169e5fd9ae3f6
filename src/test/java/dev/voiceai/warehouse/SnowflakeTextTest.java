package dev.voiceai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alibaba.druid.DbType;
import com.alibaba.druid.sql.SQLUtils;
import com.alibaba.druid.sql.ast.SQLStatement;
import com.alibaba.druid.sql.ast.statement.SQLCreateTableStatement;
import com.alibaba.druid.sql.ast.statement.SQLPrimaryKey;
import com.alibaba.druid.sql.parser.ParserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Snowflake gets to read: the text parses, and it names the columns of the tables. Users, roles and grants of the
 * account script are beyond the parser.
 */
class SnowflakeTextTest {

    private static final Path SQL = TestWarehouse.ROUTES.resolve("sql");

    static Stream<WarehouseTable> tables() {
        return WarehouseTables.read(SQL, false).tables().stream();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void aStatementParsesAsSnowflake(WarehouseTable table) {
        assertThat(parse(table.sql().replaceAll(":\\?\\w+", "?"))).hasSize(1);
    }

    @Test
    void theParserRefusesWhatSnowflakeWould() {
        var sql = tables().filter(table -> table.name().equals("requests")).findFirst().orElseThrow().sql()
                .replaceAll(":\\?\\w+", "?").replace("\nON ", "\n");
        assertThatThrownBy(() -> parse(sql)).isInstanceOf(ParserException.class);
    }

    @Test
    void theTablesAndViewsParseAsSnowflake() throws IOException {
        assertThat(parse(Files.readString(SQL.resolve("warehouse/schema.sql")))).hasSize(13);
        assertThat(parse(Files.readString(SQL.resolve("warehouse/views.sql")))).hasSize(12);
    }

    static Stream<WarehouseTable> written() {
        return TestWarehouse.tablesOf(WarehouseTables.read(SQL, false));
    }

    @ParameterizedTest
    @MethodSource("written")
    void aStatementWritesEveryColumnAndIsKeyedByThePrimaryKey(WarehouseTable table) throws IOException {
        var created = parse(Files.readString(SQL.resolve("warehouse/schema.sql"))).stream()
                .filter(SQLCreateTableStatement.class::isInstance).map(SQLCreateTableStatement.class::cast)
                .filter(statement -> statement.getTableName().equals(table.name())).findFirst().orElseThrow();
        var columns = created.getColumnDefinitions().stream().map(column -> column.getColumnName()).toList();
        var key = created.getTableElementList().stream().filter(SQLPrimaryKey.class::isInstance)
                .map(SQLPrimaryKey.class::cast).findFirst().orElseThrow().getColumns().stream()
                .map(column -> column.getExpr().toString()).toList();
        var read = Pattern.compile("GET_PATH\\(f\\.value,'(\\w+)'\\)(?:::[\\w(),]+)? AS (\\w+)").matcher(table.sql())
                .results().map(column -> column.group(1).equals(column.group(2)) ? column.group(1) : "?").toList();
        var matched = Pattern.compile("\\b[te]\\.(\\w+) = s\\.(\\w+)").matcher(table.sql()).results()
                .map(column -> column.group(1)).collect(Collectors.toList());

        assertThat(read).isEqualTo(columns);
        assertThat(table.key()).isEqualTo(key).isEqualTo(matched);
        assertThat(words(table.sql())).containsAll(columns.stream().map(column -> "s." + column).toList());
    }

    @Test
    void aStatementWithoutKeyOrWithOtherWordsForItsRowsIsRefusedAtStart(@TempDir Path folder) throws IOException {
        var file = folder.resolve("warehouse-merge-weather.sql");
        Files.writeString(file, "MERGE INTO weather");
        assertThatThrownBy(() -> WarehouseTables.read(folder, true)).hasMessageContaining("weather")
                .hasMessageContaining("-- key");
        Files.writeString(file, "-- key: city\nMERGE INTO weather USING (SELECT 1 FROM FLATTEN(PARSE_JSON(?))) s");
        assertThatThrownBy(() -> WarehouseTables.read(folder, true)).hasMessageContaining("weather")
                .hasMessageContaining("LATERAL FLATTEN");
    }

    private static List<SQLStatement> parse(String sql) {
        return SQLUtils.parseStatements(sql, DbType.snowflake);
    }

    private static List<String> words(String sql) {
        return Pattern.compile("[\\w.]+").matcher(sql).results().map(word -> word.group()).toList();
    }
}
