package dev.voiceai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The state diagrams of docs/architecture.md are the rows of the table {@code transition}. */
class ArchitectureTest {
    /** {@code state "scheduled, held" as waiting}: one box for several states. */
    private static final Pattern BOX = Pattern.compile("state \"([a-z_, ]+)\" as (\\w+)");
    /** {@code waiting --> calling: from queued}: of a box for several states, those that the arrow is about. */
    private static final Pattern ARROW =
            Pattern.compile("(\\w+) --> (\\w+)(?:: (?:from ([a-z_, ]+?))?(?:to ([a-z_, ]+))?)?");

    @ParameterizedTest
    @CsvSource({"The request, request", "The attempt, attempt"})
    void theDiagramShowsTheAllowedMoves(String section, String machine) throws Exception {
        String diagram = Markdown.read("docs/architecture.md").section(section).code("mermaid").get(0);

        assertThat(moves(diagram)).isEqualTo(allowed(machine));
    }

    private static Set<String> moves(String diagram) {
        Map<String, List<String>> boxes = new HashMap<>();
        Set<String> moves = new TreeSet<>();
        for (String line : diagram.lines().map(String::strip).toList()) {
            var box = BOX.matcher(line);
            var arrow = ARROW.matcher(line);
            if (box.matches()) {
                boxes.put(box.group(2), names(box.group(1)));
            } else if (arrow.matches()) {
                for (String from : states(boxes, arrow.group(1), arrow.group(3))) {
                    for (String to : states(boxes, arrow.group(2), arrow.group(4))) {
                        moves.add(from + " -> " + to);
                    }
                }
            } else {
                assertThat(line).as("a line of the diagram").matches("stateDiagram-v2|direction LR|\\[\\*] --> \\w+|\\w+ --> \\[\\*]|");
            }
        }
        return moves;
    }

    private static List<String> states(Map<String, List<String>> boxes, String box, String some) {
        List<String> all = boxes.getOrDefault(box, List.of(box));
        if (some == null) {
            return all;
        }
        assertThat(all).containsAll(names(some));
        return names(some);
    }

    private static List<String> names(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).toList();
    }

    private static Set<String> allowed(String machine) throws Exception {
        try (var ledger = DriverManager.getConnection("jdbc:h2:mem:;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE");
                var statement = ledger.createStatement()) {
            for (String migration : List.of("V1__ledger", "V2__call_path")) {
                statement.execute("RUNSCRIPT FROM 'src/main/resources/db/migration/" + migration + ".sql'");
            }
            List<String> moves = new ArrayList<>();
            try (var rows = statement.executeQuery("SELECT from_state, to_state FROM transition WHERE machine = '" + machine + "'")) {
                while (rows.next()) {
                    moves.add(rows.getString(1) + " -> " + rows.getString(2));
                }
            }
            return moves.stream().collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
