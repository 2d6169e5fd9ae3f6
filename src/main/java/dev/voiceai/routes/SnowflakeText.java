package dev.voiceai.routes;

import com.alibaba.druid.DbType;
import com.alibaba.druid.sql.SQLUtils;
import com.alibaba.druid.sql.parser.ParserException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether the warehouse's SQL parses as Snowflake's. Users, roles and grants of the account script are beyond the parser.
 *
 * @see <a href="https://docs.snowflake.com/en/sql-reference-commands">Snowflake's SQL</a>
 */
final class SnowflakeText {

    private static final Pattern LINE = Pattern.compile("line (\\d+)");

    private SnowflakeText() {}

    static List<Finding> findings(RouteFiles files) {
        return files.files().stream().filter(SnowflakeText::isWarehouse).flatMap(file -> finding(file, files.content(file))).toList();
    }

    private static boolean isWarehouse(String file) {
        return file.matches("sql/warehouse(-.*|/(schema|views))\\.sql");
    }

    private static Stream<Finding> finding(String file, String sql) {
        try {
            SQLUtils.parseStatements(sql.replaceAll(":\\?\\w+", "?"), DbType.snowflake);
            return Stream.empty();
        } catch (ParserException e) {
            Matcher line = LINE.matcher(String.valueOf(e.getMessage()));
            return Stream.of(new Finding(file, line.find() ? Integer.parseInt(line.group(1)) : 1,
                    "is not Snowflake's SQL: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
        }
    }
}
