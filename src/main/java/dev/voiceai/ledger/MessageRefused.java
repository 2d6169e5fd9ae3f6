package dev.voiceai.ledger;

/**
 * Thrown by a route for a message that it can't work on ({@code throwException}). The message of this exception is the
 * route's own text and names nobody, so that it may stand in a log line and as the reason of a dead letter.
 */
public final class MessageRefused extends RuntimeException {

    public MessageRefused(String reason) {
        super(reason);
    }
}
