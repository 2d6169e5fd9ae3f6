package dev.voiceai.logs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says in a log line which message it is about. Whoever sent the message may have put anything where its names belong, a
 * person's number too, so that only what looks like such a name is told.
 */
public final class MessageNames {

    public static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    /** An id of somebody else's: no number of a phone, which has no letters. */
    public static final Pattern ID = Pattern.compile("(?=.*[A-Za-z])(?!.*@)[A-Za-z0-9_-]{1,128}");
    /** A name that a program has given: no capital letter, no space, and no row of digits as long as a phone number. */
    public static final Pattern WORD = Pattern.compile("(?!.*\\d{7})[a-z][a-z0-9_.:/-]{0,63}");
    public static final Pattern SMALL_NUMBER = Pattern.compile("\\d{1,4}");

    /**
     * The names of a message as {@code name=value} pairs, with {@code -} for what is no name; those that are not known are
     * left out.
     *
     * @param event null, as any other, where it is not known
     */
    public String describe(String event, String callId, String requestId, String attempt) {
        Map<String, String> pairs = new LinkedHashMap<>();
        put(pairs, "event", event, WORD);
        put(pairs, "call_id", callId, ID);
        put(pairs, "request_id", requestId, UUID);
        put(pairs, "attempt", attempt, SMALL_NUMBER);
        return pairs.entrySet().stream().map(pair -> pair.getKey() + "=" + pair.getValue()).collect(Collectors.joining(" "));
    }

    private static void put(Map<String, String> pairs, String name, String value, Pattern looks) {
        if (value != null && !value.isEmpty()) {
            pairs.put(name, looks.matcher(value).matches() ? value : "-");
        }
    }
}
