package dev.voiceai.retell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.regex.Pattern;

/**
 * What an answer to create-phone-call proves.
 *
 * @see <a href="https://docs.retellai.com/api-references/create-phone-call">create-phone-call</a>
 */
public final class DialAnswers {

    /** Digits long enough to be a phone number, or anything that looks like a key. */
    private static final Pattern PERSONAL = Pattern.compile("\\+?\\d[\\d .()-]{5,}\\d|key_\\w+");

    private static final int LONGEST_MESSAGE = 200;

    private final ObjectMapper json;

    public DialAnswers(ObjectMapper json) {
        this.json = json;
    }

    /**
     * @param result {@code placed}, {@code refused} (provably nothing was placed) or {@code unknown}
     * @param code the reason's code; null when placed
     * @param message the reason in Retell's words, without numbers; null when placed
     * @param callId Retell's id of the call; null unless placed
     */
    public record DialAnswer(String result, String code, String message, String callId) {}

    /**
     * Reads an answer. A 2xx that names a call is a placed call; 400, 401, 402, 422 and 429 are refusals, as Retell
     * documents them; everything else, a 5xx above all, but also a 403 or 404 of something in between, proves nothing:
     * the call may have been placed.
     *
     * @param status the HTTP status
     * @param body the answer's body, whatever it is; may be null
     */
    public DialAnswer read(int status, String body) {
        var answer = parse(body);
        if (status >= 200 && status < 300) {
            var callId = answer.path("call_id");
            return callId.isTextual() && !callId.textValue().isBlank() && callId.textValue().length() <= 128
                    ? new DialAnswer("placed", null, null, callId.textValue())
                    : new DialAnswer("unknown", "unreadable_answer", "HTTP " + status + " without a call_id", null);
        }
        var message = message(status, answer);
        return switch (status) {
            case 400 -> new DialAnswer("refused", "invalid_request", message, null);
            case 401 -> new DialAnswer("refused", "retell_unauthorized", message, null);
            case 402 -> new DialAnswer("refused", "payment_required", message, null);
            case 422 -> new DialAnswer("refused", "unknown_number_or_agent", message, null);
            case 429 -> new DialAnswer("refused", "rate_limited", message, null);
            default -> new DialAnswer("unknown", "retell_error", message, null);
        };
    }

    private JsonNode parse(String body) {
        try {
            var answer = body == null || body.isBlank() ? null : json.readTree(body);
            return answer == null ? MissingNode.getInstance() : answer;
        } catch (JsonProcessingException unreadable) {
            return MissingNode.getInstance();
        }
    }

    private static String message(int status, JsonNode answer) {
        var words = answer.path("message");
        if (!words.isTextual()) {
            return "HTTP " + status;
        }
        var safe = PERSONAL.matcher(words.textValue()).replaceAll("…");
        return safe.length() <= LONGEST_MESSAGE ? safe : safe.substring(0, LONGEST_MESSAGE);
    }
}
