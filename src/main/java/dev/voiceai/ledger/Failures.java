package dev.voiceai.ledger;

import org.apache.camel.http.base.HttpOperationFailedException;

/** Says in a few words why something failed, without any content that could name a person or a secret. */
public final class Failures {

    /** The HTTP status where there was an answer, else the class of the root cause, such as {@code ConnectException}. */
    public String describe(Throwable failure) {
        if (failure instanceof HttpOperationFailedException answered) {
            return "HTTP " + answered.getStatusCode();
        }
        var cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName();
    }
}
