package dev.voiceai.http;

import java.util.List;
import java.util.Map;

/**
 * A refusal that is sent to the client as it stands (RFC 9457). It holds no value of the request, so it may be shown
 * and logged.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, Problem Details for HTTP APIs</a>
 */
public class Problem extends RuntimeException {
    /** What a client should read for a type; other types are titled by their words. */
    private static final Map<String, String> TITLES = Map.of(
            "validation", "Some fields are not valid",
            "malformed", "The body is not JSON",
            "unauthorized", "The API key or token is missing or not valid",
            "forbidden", "The API key or token may not do this",
            "ledger-unavailable", "The ledger is down and nothing was taken",
            "internal", "Something went wrong on this side");

    private final int status;
    private final String type;
    private final String title;
    private final String detail;
    private final List<FieldError> errors;

    /**
     * @param status the HTTP status
     * @param type the stable name of this kind of problem, such as {@code not-found}; it becomes the relative URI
     *     {@code /problems/not-found}
     * @param detail a sentence for people, or null
     */
    public Problem(int status, String type, String detail, List<FieldError> errors) {
        // No stack trace: it is an answer, not a fault.
        super(detail == null ? type : detail, null, false, false);
        this.status = status;
        this.type = type;
        this.title = TITLES.getOrDefault(type, words(type));
        this.detail = detail;
        this.errors = List.copyOf(errors);
    }

    private static String words(String type) {
        String words = type.replace('-', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** Status 422 with every field that is wrong. */
    public static Problem validation(List<FieldError> errors) {
        return new Problem(422, "validation", null, errors);
    }

    /** Status 400: not JSON, or not a JSON object where one is needed. */
    public static Problem malformed() {
        return new Problem(400, "malformed", null, List.of());
    }

    /** Status 404. */
    public static Problem notFound(String detail) {
        return new Problem(404, "not-found", detail, List.of());
    }

    /**
     * Status 413.
     *
     * @param limit in bytes
     */
    public static Problem tooLarge(long limit) {
        return new Problem(413, "payload-too-large", "The body may have at most " + limit + " bytes.", List.of());
    }

    /**
     * Status 429.
     *
     * @param seconds after which the next request may come
     */
    static Problem tooManyRequests(long seconds) {
        return new Problem(429, "too-many-requests", "The next request may come in " + seconds + " s.", List.of());
    }

    public int status() {
        return status;
    }

    public String type() {
        return type;
    }

    public String title() {
        return title;
    }

    /** A sentence for people, or null. */
    public String detail() {
        return detail;
    }

    public List<FieldError> errors() {
        return errors;
    }
}
