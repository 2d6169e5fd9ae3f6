package dev.voiceai.sandbox;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The answer to one HTTP request.
 *
 * @param status the HTTP status; 0: no answer at all, the connection is dropped
 * @param body null for an empty one
 * @param delayMs how long to hold the answer back, in milliseconds
 */
record Reply(int status, JsonNode body, long delayMs) {
    static Reply of(int status, JsonNode body) {
        return new Reply(status, body, 0);
    }

    static Reply dropped() {
        return new Reply(0, null, 0);
    }

    Reply after(long milliseconds) {
        return new Reply(status, body, milliseconds);
    }
}
