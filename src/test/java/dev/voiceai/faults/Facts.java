package dev.voiceai.faults;

import dev.voiceai.faults.History.Event;
import java.util.List;
import java.util.Map;

/**
 * What a run leaves behind.
 *
 * @param tables the rows of both stores, by table, key and column; what no two runs can have in common is left out
 * @param events the activity events in the order of their arrival, repeats among them
 * @param leftOver what should not be there any more, by its name: rows of the outbox, dead letters
 */
record Facts(Map<String, Map<String, Map<String, String>>> tables, List<Event> events, Map<String, Long> leftOver) {
    Map<String, Map<String, String>> table(String name) {
        return tables.getOrDefault(name, Map.of());
    }
}
