package dev.voiceai.faults;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What everybody saw of one run: the caller, Retell, the API at the end, and the collector of activity events.
 *
 * @param views the API's last word on each request
 * @param events in the order of their first arrival
 */
record History(List<Accepted> accepted, List<Dial> dials, Map<String, View> views, List<Event> events, Limits limits) {

    /**
     * A request that was answered with 202, and what forbids to dial it; null where nothing does.
     *
     * @param cancelledAt when the cancellation had been answered with 200
     * @param doNotCallAt when the number was on the do-not-call list
     * @param zone where the person is, when calling windows are in force
     */
    record Accepted(String requestId, Instant cancelledAt, Instant expiresAt, Instant doNotCallAt, String zone) {
        static Accepted of(String requestId) {
            return new Accepted(requestId, null, null, null, null);
        }

        Accepted cancelled(Instant at) {
            return new Accepted(requestId, at, expiresAt, doNotCallAt, zone);
        }

        Accepted expiring(Instant at) {
            return new Accepted(requestId, cancelledAt, at, doNotCallAt, zone);
        }

        Accepted doNotCall(Instant from) {
            return new Accepted(requestId, cancelledAt, expiresAt, from, zone);
        }

        Accepted in(String timezone) {
            return new Accepted(requestId, cancelledAt, expiresAt, doNotCallAt, timezone);
        }
    }

    /** What the answer to a dial says for certain. */
    enum Proof { PLACED, REFUSED, NONE }

    /**
     * One create-phone-call, as Retell saw it.
     *
     * @param callId the call that it placed; null when it placed none
     * @param endedAt when that call was over; null while it runs
     * @param quietUntil until when its 429 forbade all dials; null when it did not
     */
    record Dial(String requestId, int attempt, Instant at, Proof proof, String callId, Instant endedAt, Instant quietUntil) {
        String name() {
            return requestId + "/" + attempt;
        }
    }

    /** @param askedPerson whether a task resolve-unknown exists for the request */
    record View(String requestId, String state, boolean isFinal, List<Attempt> attempts, boolean askedPerson) {
        Attempt attempt(int no) {
            return attempts.stream().filter(attempt -> attempt.no() == no).findFirst().orElse(null);
        }
    }

    /** @param refusedAt when the ledger learned of the refusal; null without one */
    record Attempt(int no, String state, String callId, Instant dialingAt, Instant refusedAt) {}

    /** @param type without the prefix that all have */
    record Event(String id, String requestId, int attempt, String type) {}

    /**
     * @param concurrency calls that may be live at one instant
     * @param callsPerSecond dials that may start in one second
     * @param jitterMs how much later than meant a dial may arrive
     * @param windowStart the first hour at which a person may be called, on her own clock
     * @param windowEnd the first hour at which no longer
     */
    record Limits(int concurrency, double callsPerSecond, long jitterMs, int windowStart, int windowEnd) {
        static Limits of(int concurrency, double callsPerSecond, long jitterMs) {
            return new Limits(concurrency, callsPerSecond, jitterMs, 0, 24);
        }
    }
}
