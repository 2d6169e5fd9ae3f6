package dev.voiceai.settings;

/** A reason not to start that whoever starts the application can remove; shown without a stack trace. */
public class StartFailure extends RuntimeException {
    private final String action;

    /**
     * @param description what is wrong; names settings, never their values
     * @param action what to do about it
     */
    public StartFailure(String description, String action) {
        this(description, action, null);
    }

    public StartFailure(String description, String action, Throwable cause) {
        super(description, cause);
        this.action = action;
    }

    public String action() {
        return action;
    }
}
