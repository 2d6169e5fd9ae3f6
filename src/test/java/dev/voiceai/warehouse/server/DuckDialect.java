package dev.voiceai.warehouse.server;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the little of Snowflake's SQL text that DuckDB reads otherwise into DuckDB's. */
final class DuckDialect {

    private static final Pattern LITERAL_OR_COMMENT = Pattern.compile("'(?:[^']|'')*'|--[^\\n]*");
    private static final Pattern HIDDEN = Pattern.compile("\u0001(\\d+)\u0001");

    private static final List<Rule> RULES = List.of(
            rule("\\bVARIANT\\b", "JSON"),
            rule("\\bNUMBER\\b", "DECIMAL"),
            // Snowflake keeps the comment of a column, DuckDB takes none here.
            rule("\\s+COMMENT\\s+\u0001\\d+\u0001", ""),
            rule("\\s+WITH\\s+MANAGED\\s+ACCESS", ""),
            // Snowflake does not enforce primary keys: a row that is written twice has to show.
            rule(",\\s*PRIMARY\\s+KEY\\s*\\([^)]*\\)", ""));

    /** Snowflake refuses a text that is too long for its column; DuckDB ignores the length. */
    private static final Rule LENGTH = rule("(\\w+)\\s+VARCHAR\\((\\d+)\\)", "$1 VARCHAR CHECK (LENGTH($1) <= $2)");

    private DuckDialect() {
    }

    static String of(String sql) {
        var literals = new ArrayList<String>();
        var text = LITERAL_OR_COMMENT.matcher(sql).replaceAll(found -> {
            literals.add(found.group().startsWith("--") ? "" : found.group());
            return "\u0001" + (literals.size() - 1) + "\u0001";
        });
        for (var rule : RULES) {
            text = rule.apply(text);
        }
        if (text.stripLeading().regionMatches(true, 0, "CREATE TABLE", 0, 12)) {
            text = LENGTH.apply(text);
        }
        return HIDDEN.matcher(text)
                .replaceAll(hidden -> Matcher.quoteReplacement(literals.get(Integer.parseInt(hidden.group(1)))));
    }

    private static Rule rule(String pattern, String replacement) {
        return new Rule(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), replacement);
    }

    private record Rule(Pattern pattern, String replacement) {

        String apply(String text) {
            return pattern.matcher(text).replaceAll(replacement);
        }
    }
}
