package dev.voiceai.warehouse.server;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** What a statement is; the number tells the driver whether it answers rows or how many it changed. */
enum StatementKind {
    SELECT(0x1000, "SELECT|WITH"),
    INSERT(0x3100, "INSERT", "number of rows inserted"),
    UPDATE(0x3200, "UPDATE", "number of rows updated"),
    DELETE(0x3300, "DELETE", "number of rows deleted"),
    MERGE(0x3400, "MERGE", "number of rows inserted", "number of rows updated"),
    USE_SCHEMA(0x4300, "USE\\s+(?:SCHEMA|DATABASE)"),
    CREATE_DATABASE(0x6000, "CREATE\\s+DATABASE"),
    CREATE_SCHEMA(0x6000, "CREATE\\s+SCHEMA"),
    DROP_SCHEMA(0x6000, "DROP\\s+SCHEMA"),
    /** Roles, users, grants and compute: there are none behind this server, which takes note of them. */
    ACCOUNT(0x6000, "GRANT|USE\\s+(?:ROLE|WAREHOUSE)|CREATE\\s+(?:ROLE|USER|WAREHOUSE)"),
    DEFINITION(0x6000, "CREATE|ALTER|DROP|COMMENT|TRUNCATE");

    final int typeId;

    /** The columns in which the counts of changed rows are answered; empty for what changes none. */
    final List<String> counts;

    private final Pattern start;

    StatementKind(int typeId, String words, String... counts) {
        this.typeId = typeId;
        this.counts = List.of(counts);
        start = Pattern.compile("(?:\\s|--[^\\n]*\\n)*(?:" + words + ")\\b.*",
                Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    static StatementKind of(String sql) {
        return Arrays.stream(values()).filter(kind -> kind.start.matcher(sql).matches()).findFirst()
                .orElseThrow(() -> new Refusal("000002", "0A000", "Unsupported feature"));
    }
}
