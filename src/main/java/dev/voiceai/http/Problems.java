package dev.voiceai.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.ValidationMessage;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.component.jsonvalidator.JsonValidationException;
import org.apache.camel.component.jsonvalidator.NoJsonBodyValidationException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** Turns any failure of an HTTP request into what the client is told. */
@Component("problems")
public final class Problems {
    static final String MEDIA_TYPE = "application/problem+json";

    /** SQLSTATE classes: connection, out of resources, operator intervention; 90 is H2's, such as a closed database. */
    private static final Set<String> DATABASE_IS_DOWN = Set.of("08", "53", "57", "90");
    /** A client may have sent any text as the name of a field. */
    private static final int LONGEST_POINTER = 200;
    /** Digits enough for a phone number, or an address: what a field's name must not repeat. */
    private static final Pattern PERSONAL_NAME = Pattern.compile("(\\d\\D{0,2}){7}|@");

    private final ObjectMapper json;

    public Problems(ObjectMapper json) {
        this.json = json;
    }

    /**
     * Refuses the request.
     *
     * @param status the HTTP status
     * @param type such as {@code not-found}, see {@link Problem}
     * @param detail a sentence for people that repeats no value
     */
    public void raise(int status, String type, String detail) {
        throw new Problem(status, type, detail, List.of());
    }

    /** Refuses the request with status 422 for one field, see {@link FieldError}. */
    public void raiseField(String pointer, String code, String message) {
        throw Problem.validation(List.of(new FieldError(pointer, code, message)));
    }

    /** What the client is told about a failure; nothing at all about one that is not its own fault. */
    public Problem of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Problem problem = known(cause);
            if (problem != null) {
                return problem;
            }
        }
        return new Problem(500, "internal", null, List.of());
    }

    private static Problem known(Throwable cause) {
        if (cause instanceof Problem problem) {
            return problem;
        }
        if (cause instanceof BodyTooLarge tooLarge) {
            return Problem.tooLarge(tooLarge.limit());
        }
        if (cause instanceof JsonValidationException invalid) {
            return invalid(invalid);
        }
        if (cause instanceof JsonProcessingException || cause instanceof NoJsonBodyValidationException) {
            return Problem.malformed();
        }
        return isDown(cause)
                ? new Problem(503, "ledger-unavailable", "Try again in a few seconds.", List.of())
                : null;
    }

    private static boolean isDown(Throwable cause) {
        return cause instanceof DataAccessResourceFailureException
                || cause instanceof TransientDataAccessException
                || cause instanceof RecoverableDataAccessException
                || cause instanceof CannotCreateTransactionException
                // The roll-back failed because the connection is gone; it hides what failed first.
                || cause instanceof TransactionSystemException
                || cause instanceof SQLTransientConnectionException
                || cause instanceof SQLException sql && DATABASE_IS_DOWN.contains(stateClass(sql));
    }

    private static String stateClass(SQLException failure) {
        String state = failure.getSQLState();
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }

    private static Problem invalid(JsonValidationException failure) {
        // No errors: the text is not JSON. A missing node: it is empty.
        if (failure.getErrors() == null
                || failure.getErrors().isEmpty()
                || failure.getErrors().stream().anyMatch(error -> error.getInstanceNode().isMissingNode())) {
            return Problem.malformed();
        }
        return Problem.validation(failure.getErrors().stream()
                .map(Problems::fieldError)
                .distinct()
                .sorted(Comparator.comparing(FieldError::pointer).thenComparing(FieldError::code))
                .toList());
    }

    private static FieldError fieldError(ValidationMessage error) {
        String pointer = pointer(error.getInstanceLocation());
        String rule = error.getType();
        // These two are about a member of the object at that place: the one that is missing, the one that is unknown.
        if (error.getProperty() != null && (rule.equals("required") || rule.endsWith("Properties"))) {
            pointer += "/" + escape(error.getProperty());
        }
        return new FieldError(shorten(pointer), code(rule), message(error));
    }

    private static String pointer(JsonNodePath path) {
        var pointer = new StringBuilder();
        for (int i = 0; i < path.getNameCount(); i++) {
            pointer.append('/').append(escape(String.valueOf(path.getElement(i))));
        }
        return pointer.toString();
    }

    private static String escape(String name) {
        return PERSONAL_NAME.matcher(name).find() ? "…" : name.replace("~", "~0").replace("/", "~1");
    }

    private static String shorten(String pointer) {
        return pointer.length() <= LONGEST_POINTER ? pointer : pointer.substring(0, LONGEST_POINTER);
    }

    private static String code(String rule) {
        return switch (rule) {
            case "additionalProperties", "unevaluatedProperties" -> "unknown_field";
            default -> rule.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        };
    }

    /** The schema's own words where it has some ({@code "message": {"pattern": "must be …"}}), else the library's. */
    private static String message(ValidationMessage error) {
        return switch (error.getType()) {
            // The library's words repeat names that the client chose.
            case "required" -> "is required";
            case "additionalProperties", "unevaluatedProperties" -> "is not a field of this request";
            case "propertyNames" -> "has a field whose name is not allowed";
            default -> withoutPlace(error);
        };
    }

    private static String withoutPlace(ValidationMessage error) {
        String place = error.getInstanceLocation() + ": ";
        String message = error.getMessage();
        return message.startsWith(place) ? message.substring(place.length()) : message;
    }

    /**
     * What an agent can say to the person on the line when a task was refused: whole sentences. A message that is one
     * itself is said as it stands.
     */
    public String spoken(Throwable failure) {
        Problem problem = of(failure);
        if (problem.status() >= 500 || problem.status() == 400) {
            return "I could not do that just now because of a technical problem.";
        }
        return problem.errors().stream().findFirst().map(Problems::spoken).orElse("I could not do that. "
                + (problem.detail() == null ? problem.title() + "." : problem.detail()));
    }

    private static String spoken(FieldError error) {
        return error.message().endsWith(".")
                ? error.message()
                : "I could not do that: the " + error.pointer().replaceFirst(".*/", "").replace('_', ' ') + " "
                        + error.message() + ".";
    }

    /** Answers with the problem. */
    void write(HttpServletResponse response, Problem problem) throws IOException {
        byte[] body = json(problem).getBytes(StandardCharsets.UTF_8);
        response.setStatus(problem.status());
        response.setContentType(MEDIA_TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    /** The document of media type {@code application/problem+json}. */
    public String json(Problem problem) {
        var document = json.createObjectNode()
                .put("type", "/problems/" + problem.type())
                .put("title", problem.title())
                .put("status", problem.status());
        if (problem.detail() != null) {
            document.put("detail", problem.detail());
        }
        if (!problem.errors().isEmpty()) {
            document.set("errors", json.valueToTree(problem.errors()));
        }
        return document.toString();
    }
}
