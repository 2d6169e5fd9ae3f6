package dev.voiceai.calls;

import dev.voiceai.settings.StartFailure;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table {@code policy} of application.yaml: after which causes a call is tried again, how often and when. */
public final class RetryPolicy {

    private static final Duration LONGEST_DELAY = Duration.ofDays(365);

    private final CallingWindows windows;
    private final Map<String, Row> rows = new HashMap<>();

    /**
     * One row as it is written.
     *
     * @param attempts how many attempts in all may end for the cause, 1 or more
     * @param delays ISO-8601 durations from one attempt to the next, separated by commas, the last of which repeats; may
     *     be left out where {@code attempts} is 1
     * @param nextDay {@code true} to wait for the next day where the person is; anything but that and {@code false} is an
     *     error, nothing is {@code false}
     */
    public record Setting(String attempts, String delays, String nextDay) {}

    /**
     * What follows an attempt that has ended.
     *
     * @param again whether another one is made
     * @param at when, UTC; null unless {@code again}
     * @param row the row that decided, which is named like the cause; null where the cause has none
     */
    public record Plan(boolean again, OffsetDateTime at, String row) {}

    private record Row(int attempts, List<Duration> delays, boolean nextDay) {}

    /**
     * @param settings by cause: a refusal code of create-phone-call, a disconnection reason or {@code unknown}
     * @throws StartFailure naming a row that is not valid
     */
    public RetryPolicy(CallingWindows windows, Map<String, Setting> settings) {
        this.windows = windows;
        settings.forEach((cause, setting) -> rows.put(cause, row(cause, setting)));
    }

    /**
     * Plans the attempt after one that has ended.
     *
     * @param cause why it ended; null and a cause without a row are not tried again
     * @param attemptsEndedForCause how many of the request's attempts have ended for that cause, with this one
     * @param notBefore what Retell asked for with its refusal; null when it did not
     * @param toNumber E.164
     * @param timezone the IANA zone given with the request; may be null
     */
    public Plan plan(
            String cause,
            long attemptsEndedForCause,
            OffsetDateTime now,
            OffsetDateTime notBefore,
            String toNumber,
            String timezone) {
        Row row = rows.get(cause);
        if (row == null) {
            return new Plan(false, null, null);
        }
        if (attemptsEndedForCause >= row.attempts) {
            return new Plan(false, null, cause);
        }
        int step = (int) Math.max(0, Math.min(attemptsEndedForCause, row.delays.size()) - 1);
        OffsetDateTime at = later(now.plus(row.delays.get(step)), notBefore);
        return new Plan(true, row.nextDay ? later(at, windows.nextDay(toNumber, timezone, now)) : at, cause);
    }

    private static OffsetDateTime later(OffsetDateTime one, OffsetDateTime other) {
        return other == null || one.isAfter(other) ? one : other;
    }

    private static Row row(String cause, Setting setting) {
        int attempts = attempts(cause, setting.attempts);
        List<Duration> delays = delays(cause, setting.delays);
        if (attempts > 1 && delays.isEmpty()) {
            throw invalid(cause, "delays is missing, which more than one attempt needs");
        }
        return new Row(attempts, delays, isNextDay(cause, setting.nextDay));
    }

    private static int attempts(String cause, String text) {
        if (text == null || !text.matches("[1-9]\\d{0,4}")) {
            throw invalid(cause, "attempts must be a whole number from 1 (the one that was made) to 99999");
        }
        return Integer.parseInt(text);
    }

    private static List<Duration> delays(String cause, String text) {
        if (text == null || text.isBlank()) {
            return List.of();
        }
        try {
            List<Duration> delays = Arrays.stream(text.split(",", -1)).map(String::strip).map(Duration::parse).toList();
            if (delays.stream().allMatch(delay -> !delay.isNegative() && delay.compareTo(LONGEST_DELAY) <= 0)) {
                return delays;
            }
        } catch (DateTimeException noDuration) {
            // Said below, like a duration that is too long.
        }
        throw invalid(cause, "delays must be durations such as PT10S or P1D, separated by commas, up to P365D each");
    }

    private static boolean isNextDay(String cause, String text) {
        if (text == null || text.isBlank() || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw invalid(cause, "next-day must be true or false");
    }

    private static StartFailure invalid(String cause, String what) {
        return new StartFailure("The row policy." + cause + " is not valid: " + what + ".",
                "Write it like dial_no_answer: {attempts: 3, delays: \"PT2H,PT4H\", next-day: false}.");
    }
}
