package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.voiceai.faults.History.Accepted;
import dev.voiceai.faults.History.Attempt;
import dev.voiceai.faults.History.Dial;
import dev.voiceai.faults.History.Event;
import dev.voiceai.faults.History.Limits;
import dev.voiceai.faults.History.Proof;
import dev.voiceai.faults.History.View;
import dev.voiceai.faults.Verdict.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A good history passes, and each way to break a promise is seen as just that. */
class HistoryCheckerTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final List<Accepted> accepted = new ArrayList<>();
    private final List<Dial> dials = new ArrayList<>();
    private final Map<String, View> views = new LinkedHashMap<>();
    private final List<Event> events = new ArrayList<>();
    private Limits limits = Limits.of(20, 100, 100);

    @Test
    void aGoodHistoryBreaksNothing() {
        call("a", 0);
        call("b", 1);

        var verdict = check();

        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.requests).isEqualTo(2);
        assertThat(verdict.mostDialsOfAnAttempt).isEqualTo(1);
        assertThat(verdict.mostLive).isEqualTo(2);
    }

    @Test
    void aSecondDialOfAnAttemptIsSeen() {
        call("a", 0);
        dial("a", 1, 3, Proof.REFUSED, null);

        assertThat(check().count(Promise.ONE_DIAL)).isEqualTo(1);
        assertThat(check().mostDialsOfAnAttempt).isEqualTo(2);
    }

    @Test
    void aDialOfARequestThatNobodyKnowsIsSeen() {
        dial("a", 1, 0, Proof.REFUSED, null);

        assertBroken(Promise.KNOWN_DIAL);
    }

    @Test
    void aDialThatTheLedgerDoesNotHaveIsSeen() {
        call("a", 0);
        dial("a", 2, 1, Proof.REFUSED, null);

        assertBroken(Promise.KNOWN_DIAL);
    }

    @Test
    void aRequestThatIsGoneIsLost() {
        accepted.add(Accepted.of("a"));

        assertBroken(Promise.NOT_LOST);
    }

    @Test
    void aRequestThatStaysQueuedIsLost() {
        request("a", "queued", false, false);

        assertBroken(Promise.NOT_LOST);
    }

    @Test
    void anUnknownRequestIsLostUnlessAPersonIsAsked() {
        request("a", "unknown", false, false, attempt("unknown", null));
        event("a", 1, "unknown");
        assertThat(check().count(Promise.NOT_LOST)).isEqualTo(1);
        assertThat(check().count(Promise.NO_SILENT_UNKNOWN)).isEqualTo(1);

        views.put("a", new View("a", "unknown", false, List.of(attempt("unknown", null)), true));
        assertThat(check().violations()).isEmpty();
    }

    @Test
    void aLostAnswerThatNobodyClearedUpIsSilent() {
        request("a", "cancelled", true, false, attempt("ended", null));
        event("a", 1, "not_placed");
        dial("a", 1, 0, Proof.NONE, null);

        assertBroken(Promise.NO_SILENT_UNKNOWN);
    }

    @Test
    void aPlacedCallThatCountsAsRefusedIsUntrue() {
        request("a", "done", true, true, attempt("refused", "call_a_1"));
        event("a", 1, "initiated");
        event("a", 1, "failed");
        dial("a", 1, 0, Proof.NONE, "call_a_1");

        assertBroken(Promise.TRUTH);
    }

    @Test
    void aCallOfAnotherAttemptIsUntrue() {
        call("a", 0);
        views.put("a", new View("a", "done", true, List.of(attempt("analyzed", "call_b_1")), false));

        assertBroken(Promise.TRUTH);
    }

    @Test
    void oneCallMoreThanThereAreLinesIsSeen() {
        limits = Limits.of(1, 100, 100);
        call("a", 0);
        call("b", 5);
        assertThat(check().violations()).isEmpty();

        call("c", 6);
        assertBroken(Promise.WITHIN_CONCURRENCY);
    }

    @Test
    void dialsThatAreMoreThanASecondsShareAreSeen() {
        limits = Limits.of(20, 2, 100);
        for (int i = 0; i < 6; i++) {
            dialOfRequest("even" + i, NOON.plusMillis(i * 500L));
        }
        assertThat(check().violations()).isEmpty();

        for (int i = 0; i < 4; i++) {
            dialOfRequest("burst" + i, NOON.plusSeconds(60).plusMillis(i * 200L));
        }
        assertBroken(Promise.WITHIN_RATE);
    }

    @Test
    void aDialBeforeRetryAfterIsSeen() {
        request("a", "done", true, false, attempt("refused", null));
        event("a", 1, "not_placed");
        dials.add(new Dial("a", 1, NOON.minusSeconds(10), Proof.REFUSED, null, null, NOON.plusSeconds(10)));
        assertThat(check().violations()).isEmpty();

        dialOfRequest("b", NOON);
        assertBroken(Promise.AFTER_RETRY_AFTER);
    }

    @Test
    void aDialAfterACancellationIsSeen() {
        call("a", 1);
        accepted.set(0, accepted.get(0).cancelled(NOON));

        assertBroken(Promise.GATE);
    }

    @Test
    void aDialAfterTheExpiryIsSeen() {
        call("a", 0);
        accepted.set(0, accepted.get(0).expiring(NOON.minusMillis(1)));

        assertBroken(Promise.GATE);
    }

    @Test
    void aDialOfANumberThatMustNotBeCalledIsSeen() {
        call("a", 0);
        accepted.set(0, accepted.get(0).doNotCall(NOON.minusSeconds(1)));

        assertBroken(Promise.GATE);
    }

    @Test
    void aDialOutsideTheWindowIsSeen() {
        limits = new Limits(20, 100, 100, 8, 20);
        call("a", 0);
        accepted.set(0, accepted.get(0).in("Europe/Paris"));
        assertThat(check().violations()).isEmpty();

        accepted.set(0, accepted.get(0).in("America/Los_Angeles"));
        assertBroken(Promise.GATE);
    }

    @Test
    void eventsThatAreMissingDoubledOrOutOfOrderAreSeen() {
        call("a", 0);
        var good = List.copyOf(events);

        events.removeIf(event -> event.type().equals("completed"));
        assertThat(check().count(Promise.EVENTS)).isEqualTo(2);

        events.clear();
        events.addAll(List.of(good.get(1), good.get(0), good.get(2)));
        assertBroken(Promise.EVENTS);

        events.clear();
        events.addAll(good);
        events.add(new Event("another", "a", 1, "completed"));
        assertBroken(Promise.EVENTS);
    }

    @Test
    void anEventThatComesAgainIsNoneMore() {
        call("a", 0);
        events.addAll(List.copyOf(events));

        assertThat(check().violations()).isEmpty();
    }

    private Verdict check() {
        return HistoryChecker.check(new History(accepted, dials, views, events, limits));
    }

    private void assertBroken(Promise only) {
        var verdict = check();
        for (Promise promise : Promise.values()) {
            assertThat(verdict.count(promise)).as(verdict.violations().toString()).isEqualTo(promise == only ? 1 : 0);
        }
    }

    /** A call that was placed at noon and some seconds, took five, and went well. */
    private void call(String requestId, int second) {
        request(requestId, "done", true, false, attempt("analyzed", "call_" + requestId + "_1"));
        dial(requestId, 1, second, Proof.PLACED, "call_" + requestId + "_1");
        event(requestId, 1, "initiated");
        event(requestId, 1, "started");
        event(requestId, 1, "completed");
    }

    private void dialOfRequest(String requestId, Instant at) {
        request(requestId, "done", true, false, attempt("refused", null));
        event(requestId, 1, "not_placed");
        dials.add(new Dial(requestId, 1, at, Proof.REFUSED, null, null, null));
    }

    private void request(String requestId, String state, boolean isFinal, boolean askedPerson, Attempt... attempts) {
        accepted.add(Accepted.of(requestId));
        views.put(requestId, new View(requestId, state, isFinal, List.of(attempts), askedPerson));
    }

    private static Attempt attempt(String state, String callId) {
        return new Attempt(1, state, callId, NOON, null);
    }

    private void dial(String requestId, int attempt, int second, Proof proof, String callId) {
        var at = NOON.plusSeconds(second);
        dials.add(new Dial(requestId, attempt, at, proof, callId, callId == null ? null : at.plusSeconds(5), null));
    }

    private void event(String requestId, int attempt, String type) {
        events.add(new Event(requestId + attempt + type, requestId, attempt, type));
    }
}
