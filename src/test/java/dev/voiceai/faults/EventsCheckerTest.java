package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.voiceai.faults.EventsChecker.Difference;
import dev.voiceai.faults.History.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two runs that are the same pass, and each way to differ is seen as just that. */
class EventsCheckerTest {
    private final Map<String, Map<String, Map<String, String>>> tables = new LinkedHashMap<>();
    private final Map<String, Map<String, Map<String, String>>> otherTables = new LinkedHashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final List<Event> otherEvents = new ArrayList<>();
    private final Map<String, Long> leftOver = new LinkedHashMap<>();
    private Set<String> untold = Set.of();

    EventsCheckerTest() {
        for (var run : List.of(tables, otherTables)) {
            row(run, "request", "a", "done");
            row(run, "call_event", "call_a/call_ended", "a");
        }
        for (var run : List.of(events, otherEvents)) {
            run.addAll(List.of(event("a", 1, "initiated"), event("a", 1, "started"), event("a", 1, "completed")));
            run.addAll(List.of(event("call_b", 0, "started"), event("call_b", 0, "failed")));
        }
        leftOver.put("parked", 0L);
    }

    @Test
    void twoRunsWithTheSameEndDoNotDiffer() {
        assertThat(compare()).isEmpty();
    }

    @Test
    void anEventThatArrivesAgainIsNoneMore() {
        otherEvents.addAll(List.copyOf(otherEvents));

        assertThat(compare()).isEmpty();
    }

    @Test
    void subjectsSideBySideHaveNoOrder() {
        otherEvents.add(0, otherEvents.remove(3));

        assertThat(compare()).isEmpty();
    }

    @Test
    void aRowThatIsGoneIsSeen() {
        otherTables.get("request").clear();

        assertDiffers(Difference.MISSING_ROW);
    }

    @Test
    void aTableThatIsGoneIsSeen() {
        otherTables.remove("request");

        assertDiffers(Difference.MISSING_ROW);
    }

    @Test
    void aRowThatNobodyExpectsIsSeen() {
        row(otherTables, "task", "b", "open");

        assertDiffers(Difference.EXTRA_ROW);
    }

    @Test
    void aValueThatIsAnotherIsSeen() {
        row(otherTables, "request", "a", "calling");

        assertDiffers(Difference.OTHER_VALUE);
    }

    @Test
    void aValueThatIsForgottenIsSeen() {
        row(otherTables, "request", "a", null);

        assertDiffers(Difference.OTHER_VALUE);
    }

    @Test
    void theRowOfAnEventThatWasNeverDeliveredMayBeMissing() {
        otherTables.get("call_event").clear();
        assertDiffers(Difference.MISSING_ROW);

        untold = Set.of("call_a/call_ended");
        assertThat(compare()).isEmpty();
    }

    @Test
    void anythingElseThatAnUndeliveredEventToldMayNot() {
        untold = Set.of("a");
        otherTables.get("request").clear();

        assertDiffers(Difference.MISSING_ROW);
    }

    @Test
    void whatReconcileNotesOfAPlacedCallIsNoEventOfRetell() {
        row(otherTables, "call_event", "call_a/call_registered", "a");

        assertThat(compare()).isEmpty();
    }

    @Test
    void anEventThatWasNotSentIsSeen() {
        otherEvents.remove(1);

        assertDiffers(Difference.MISSING_EVENT);
    }

    @Test
    void anEventThatNobodyExpectsIsSeen() {
        otherEvents.add(event("a", 0, "held"));

        assertDiffers(Difference.EXTRA_EVENT);
    }

    @Test
    void aStartThatIsToldAfterTheEndIsSeen() {
        events.add(2, events.remove(1));
        otherEvents.add(2, otherEvents.remove(1));

        assertDiffers(Difference.EVENT_ORDER);
    }

    @Test
    void attemptsThatAreToldInAnotherOrderAreSeen() {
        events.add(event("a", 2, "failed"));
        otherEvents.add(0, event("a", 2, "failed"));

        assertDiffers(Difference.EVENT_ORDER);
    }

    @Test
    void aSecondClosingEventIsSeen() {
        events.add(event("a", 1, "failed"));
        otherEvents.add(event("a", 1, "failed"));

        assertDiffers(Difference.CLOSING);
    }

    @Test
    void anAttemptWithoutAClosingEventIsSeen() {
        events.remove(4);
        otherEvents.remove(4);

        assertDiffers(Difference.CLOSING);
    }

    @Test
    void whatStaysBehindIsSeen() {
        leftOver.put("parked", 2L);

        assertDiffers(Difference.LEFT_OVER);
    }

    private Map<Difference, List<String>> compare() {
        return EventsChecker.compare(
                new Facts(tables, events, Map.of()), new Facts(otherTables, otherEvents, leftOver), untold);
    }

    private void assertDiffers(Difference only) {
        assertThat(compare()).containsOnlyKeys(only);
        assertThat(compare().get(only)).hasSize(1);
    }

    private static void row(Map<String, Map<String, Map<String, String>>> run, String table, String key, String state) {
        var row = new LinkedHashMap<String, String>();
        row.put("state", state);
        run.computeIfAbsent(table, none -> new LinkedHashMap<>()).put(key, row);
    }

    private static Event event(String subject, int attempt, String type) {
        return new Event(subject + attempt + type, subject, attempt, type);
    }
}
