package dev.voiceai.warehouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The reports: the views of {@code routes/sql/warehouse/views.sql}, read once at start. A further view is a further
 * report. A view there is {@code CREATE OR REPLACE VIEW name (}, a line {@code column COMMENT '…'} for each column,
 * {@code ) AS}, its query, and {@code COMMENT ON VIEW name IS '…'} in one line.
 */
public final class Reports {

    private static final String TEXT = "'((?:[^']|'')*)'";
    private static final Pattern NAME = Pattern.compile("(?m)^CREATE\\b.*\\bVIEW (\\w+)");
    private static final Pattern VIEW = Pattern.compile("(?ms)^CREATE OR REPLACE VIEW (\\w+) \\(\\R(.*?)^\\) AS$");
    private static final Pattern COLUMN = Pattern.compile("(?m)^( +(\\w+)) +COMMENT " + TEXT + "(,?)$");
    private static final Pattern COMMENT = Pattern.compile("(?m)^COMMENT ON VIEW (\\w+) IS " + TEXT + ";$");

    private final String sql;
    private final Map<String, Report> reports = new LinkedHashMap<>();

    private Reports(String sql) {
        this.sql = sql;
        var comments = COMMENT.matcher(sql).results()
                .collect(Collectors.toMap(comment -> comment.group(1), comment -> text(comment, 2)));
        VIEW.matcher(sql).results().forEach(view -> {
            var columns = COLUMN.matcher(view.group(2)).results()
                    .map(column -> new Report.Column(column.group(2), text(column, 3))).toList();
            if (columns.size() == view.group(2).lines().count() && comments.containsKey(view.group(1))) {
                reports.put(view.group(1), new Report(view.group(1), comments.get(view.group(1)), columns));
            }
        });
        NAME.matcher(sql).results().map(name -> name.group(1)).filter(name -> !reports.containsKey(name)).findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("The view " + name + " in sql/warehouse/views.sql lacks its comment"
                            + " or its list of columns, each in a line with its comment");
                });
    }

    /** @throws IllegalArgumentException naming a view that is not written as described above */
    static Reports read(Path routes) {
        try {
            return new Reports(Files.readString(routes.resolve("sql/warehouse/views.sql")));
        } catch (IOException e) {
            throw new UncheckedIOException("The warehouse's views cannot be read in " + routes, e);
        }
    }

    /** All of them, in the order of the file. */
    public List<Report> list() {
        return List.copyOf(reports.values());
    }

    /** The report of this name; null when there is none. */
    public Report find(String view) {
        return reports.get(view);
    }

    /** {@link Report#statement(Map)} */
    public String statement(Report report, Map<String, ?> query) {
        return report.statement(query);
    }

    /** The file's text for H2, which takes no comment in a view's list of columns. */
    String h2Text() {
        return COLUMN.matcher(sql).replaceAll("$1$4");
    }

    private static String text(MatchResult found, int group) {
        return found.group(group).replace("''", "'");
    }
}
