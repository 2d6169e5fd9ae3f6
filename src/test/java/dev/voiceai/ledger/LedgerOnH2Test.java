package dev.voiceai.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LedgerOnH2Test extends LedgerSqlTest {

    /** Not on a call's way: what an operator asks for now and then, what cleans up, and what erases a person. */
    private static final Set<String> SELDOM = Set.of(
            "count-parked-outbox", "delete-delivered-of-subject", "delete-delivered-outbox", "delete-idempotency-of-subject",
            "delete-idle-opt-out-hashes", "erase-idempotency", "list-parked-outbox", "list-phone-calls", "redrive-outbox");
    /** Of some rows however many calls there are. */
    private static final Set<String> SMALL = Set.of("dialing_block", "dialing_pause", "lease", "pace", "route_report", "sweep", "transition");
    private static final Pattern SCAN = Pattern.compile("public\\.(\\w+)\\.tableScan");

    @Override
    String newDatabase() {
        return "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;WRITE_DELAY=0";
    }

    @Test
    void noStatementReadsAWholeTableThatGrowsWithTheCalls() throws IOException {
        try (var grown = new LedgerSql(newDatabase())) {
            fill(grown, 3_000);

            var scanned = new TreeMap<String, Set<String>>();
            for (String file : statements().filter(file -> !SELDOM.contains(file)).toList()) {
                String sql = Files.readString(Path.of("routes/sql", file + ".sql")).replaceAll("(?m)^--.*", "");
                if (!sql.contains("INSERT")) {
                    String plan = grown.jdbc.sql("EXPLAIN " + sql.replaceAll(":#(in:)?\\$\\{[^}]*}", "?")).query(String.class).single();
                    scanned.put(file, SCAN.matcher(plan).results().map(scan -> scan.group(1)).filter(table -> !SMALL.contains(table))
                            .collect(Collectors.toSet()));
                }
            }
            scanned.values().removeIf(Set::isEmpty);
            assertThat(scanned).isEmpty();
        }
    }

    /** Rows of any content, without regard to what they refer to. */
    private static void fill(LedgerSql ledger, int rows) {
        ledger.jdbc.sql("SET REFERENTIAL_INTEGRITY FALSE").update();
        ledger.jdbc.sql("SELECT table_name, LISTAGG(column_name, ', ') AS columns,"
                        + " LISTAGG(CASE WHEN UPPER(data_type) LIKE 'TIMESTAMP%' THEN 'CURRENT_TIMESTAMP'"
                        + " WHEN UPPER(data_type) LIKE 'CHARACTER%' THEN '''v'' || r.n' WHEN UPPER(data_type) = 'BOOLEAN' THEN 'FALSE' ELSE 'r.n' END, ', ') AS contents"
                        + " FROM information_schema.columns WHERE table_schema = 'public' AND is_nullable = 'NO' AND is_identity = 'NO'"
                        + " AND table_name NOT LIKE 'flyway%' GROUP BY table_name")
                .query((row, no) -> new String[] {row.getString(1), row.getString(2), row.getString(3)}).list().stream()
                .filter(table -> !SMALL.contains(table[0]))
                .forEach(table -> ledger.jdbc.sql("INSERT INTO " + table[0] + " (" + table[1] + ") SELECT " + table[2]
                        + " FROM SYSTEM_RANGE(1, " + rows + ") r (n)").update());
        ledger.jdbc.sql("ANALYZE").update();
    }
}
