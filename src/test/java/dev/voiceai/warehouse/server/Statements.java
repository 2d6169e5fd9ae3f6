package dev.voiceai.warehouse.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Describes and runs statements in a session, and says the result as Snowflake says it. */
final class Statements {

    private static final Pattern LAST_NAME = Pattern.compile("([\\w.]+)\\s*;?\\s*$");

    private Statements() {
    }

    /** The columns and binds of a statement, which does not run. */
    static ObjectNode describe(Session session, String sql, String queryId) throws SQLException {
        var kind = StatementKind.of(sql);
        var answer = answer(session, kind, queryId);
        try (var statement = session.connection.prepareStatement(DuckDialect.of(sql))) {
            if (kind == StatementKind.SELECT) {
                describeColumns(statement.getMetaData(), answer);
            }
            var binds = statement.getParameterMetaData().getParameterCount();
            answer.put("numberOfBinds", binds).put("arrayBindSupported", kind == StatementKind.INSERT);
            var described = answer.putArray("metaDataOfBinds");
            for (var i = 0; i < binds; i++) {
                ColumnType.describeText("", described);
            }
        }
        return answer;
    }

    /** Runs a statement, once for each list of binds. */
    static ObjectNode run(Session session, String sql, List<List<Object>> binds, String queryId) throws SQLException {
        var kind = StatementKind.of(sql);
        var answer = answer(session, kind, queryId);
        switch (kind) {
            case ACCOUNT -> answerStatus(answer);
            case USE_SCHEMA -> {
                session.use(name(sql));
                answerStatus(answer);
            }
            case CREATE_DATABASE -> {
                DuckDb.run(session.connection, "ATTACH IF NOT EXISTS ':memory:' AS " + name(sql));
                answerStatus(answer);
            }
            default -> run(session, kind, DuckDialect.of(sql), binds, answer);
        }
        return answer;
    }

    private static void run(Session session, StatementKind kind, String sql, List<List<Object>> binds,
            ObjectNode answer) throws SQLException {
        try (var statement = session.connection.prepareStatement(sql)) {
            if (kind == StatementKind.SELECT) {
                Binds.set(statement, binds.get(0));
                answerRows(statement, answer);
                return;
            }
            long changed = 0;
            for (var values : binds) {
                Binds.set(statement, values);
                changed += statement.executeUpdate();
            }
            if (kind.counts.isEmpty()) {
                answerStatus(answer);
            } else {
                answerCount(kind, changed, answer);
            }
        }
    }

    private static void answerRows(PreparedStatement statement, ObjectNode answer) throws SQLException {
        try (var result = statement.executeQuery()) {
            var columns = result.getMetaData();
            describeColumns(columns, answer);
            var types = new ArrayList<ColumnType>();
            for (var i = 1; i <= columns.getColumnCount(); i++) {
                types.add(ColumnType.of(columns, i));
            }
            var rows = answer.putArray("rowset");
            while (result.next()) {
                var row = rows.addArray();
                for (var i = 0; i < types.size(); i++) {
                    row.add(types.get(i).cell(result, i + 1));
                }
            }
            count(answer, rows);
        }
    }

    private static void describeColumns(ResultSetMetaData columns, ObjectNode answer) throws SQLException {
        var described = answer.putArray("rowtype");
        for (var i = 1; i <= columns.getColumnCount(); i++) {
            ColumnType.describe(columns, i, described);
        }
    }

    /** DuckDB does not tell how many of a MERGE's rows were new; the driver adds the counts up anyway. */
    private static void answerCount(StatementKind kind, long changed, ObjectNode answer) {
        var described = answer.putArray("rowtype");
        var rows = answer.putArray("rowset");
        var row = rows.addArray();
        for (var name : kind.counts) {
            ColumnType.describeCount(name, described);
            row.add(row.isEmpty() ? String.valueOf(changed) : "0");
        }
        count(answer, rows);
    }

    private static void answerStatus(ObjectNode answer) {
        ColumnType.describeText("status", answer.putArray("rowtype"));
        var rows = answer.putArray("rowset");
        rows.addArray().add("Statement executed successfully.");
        count(answer, rows);
    }

    private static void count(ObjectNode answer, ArrayNode rows) {
        answer.put("total", rows.size()).put("returned", rows.size());
    }

    private static ObjectNode answer(Session session, StatementKind kind, String queryId) {
        var answer = Answers.JSON.createObjectNode().put("queryId", queryId).put("queryResultFormat", "json")
                .put("statementTypeId", kind.typeId).put("total", 0).put("returned", 0).put("version", 1);
        var path = session.schema().split("\\.");
        if (path.length == 2) {
            answer.put("finalDatabaseName", path[0]).put("finalSchemaName", path[1]);
        }
        answer.putArray("rowtype");
        answer.putArray("rowset");
        answer.putArray("parameters");
        return answer;
    }

    private static String name(String sql) {
        Matcher found = LAST_NAME.matcher(sql);
        if (!found.find()) {
            throw new Refusal("001003", "42000", "SQL compilation error: a name is missing");
        }
        return found.group(1);
    }
}
