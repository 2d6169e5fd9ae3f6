package dev.voiceai.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A request that is answered with an error: {@code {"status":"error","message":"…"}} with the message that Retell's API
 * specification has for the status. That names no field, so the reason goes to the log alone.
 */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    final int status;

    private Refusal(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    /** @param reason names what is wrong, never its value: it is logged */
    static Refusal badRequest(String reason) {
        return new Refusal(400, reason);
    }

    static Refusal unauthorized() {
        return new Refusal(401, "no or unknown API key");
    }

    static Refusal noSuchPath() {
        return new Refusal(404, "no such path");
    }

    static Refusal notFound(String reason) {
        return new Refusal(422, reason);
    }

    /** The body of an error answer of this status. */
    static ObjectNode body(int status) {
        return RetellSandbox.JSON.createObjectNode().put("status", "error").put("message", switch (status) {
            case 400 -> "Invalid request format, please check API reference.";
            case 401 -> "API key is missing or invalid.";
            case 402 -> "Trial has ended, please add payment method.";
            case 404 -> "Not found.";
            case 422 -> "Cannot find requested asset under given api key.";
            case 429 -> "Account rate limited, please throttle your requests.";
            default -> "An unexpected server error occurred.";
        });
    }
}
