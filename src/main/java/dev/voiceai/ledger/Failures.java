package dev.voiceai.ledger;

import com.networknt.schema.ValidationMessage;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.apache.camel.component.jsonvalidator.JsonValidationException;
import org.apache.camel.http.base.HttpOperationFailedException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Says in a few words why something failed, without any content that could name a person or a secret. */
public final class Failures {

    /** A path of our own field names; anything else may be the sender's words. */
    private static final Pattern OWN_NAMES = Pattern.compile("[$./a-z0-9_]{1,80}");

    /**
     * The HTTP status where there was an answer; for a message that does not fit its schema the first rule that it
     * breaks, such as {@code JsonValidationException const at $.schema}; for a database its codes, such as
     * {@code SnowflakeSQLException 42S02, error 2003}; for AWS its error code, such as
     * {@code EventBridgeException MalformedDetail}; else the class of the root cause, such as
     * {@code ConnectException}; the words of a {@link MessageRefused}.
     */
    public String describe(Throwable failure) {
        if (failure instanceof HttpOperationFailedException answered) {
            return "HTTP " + answered.getStatusCode();
        }
        var cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        if (cause instanceof MessageRefused refused) {
            return refused.getMessage();
        }
        String name = cause.getClass().getSimpleName();
        if (cause instanceof SQLException sql) {
            return "%s %s, error %d".formatted(name, sql.getSQLState(), sql.getErrorCode());
        }
        if (cause instanceof AwsServiceException aws && aws.awsErrorDetails() != null) {
            return name + " " + aws.awsErrorDetails().errorCode();
        }
        if (cause instanceof JsonValidationException invalid) {
            return invalid.getErrors().stream().findFirst().map(error -> name + " " + broken(error)).orElse(name);
        }
        return name;
    }

    private static String broken(ValidationMessage error) {
        String place = String.valueOf(error.getInstanceLocation());
        return OWN_NAMES.matcher(place).matches() ? error.getType() + " at " + place : error.getType();
    }
}
