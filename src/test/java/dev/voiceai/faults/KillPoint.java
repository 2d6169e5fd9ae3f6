package dev.voiceai.faults;

/** Where between a message and its deletion the process dies. */
enum KillPoint {
    /** The message has come, nothing is decided. */
    BEFORE_GATE,
    /** The gate has decided, its transaction has not committed. */
    AFTER_GATE,
    /** The attempt is dialing, committed; nothing has left for Retell. */
    AFTER_DIALING,
    /** Retell has answered, the ledger does not know. */
    AFTER_ANSWER,
    /** The ledger knows, the message is still there. */
    BEFORE_DELETE;

    /** Its name in the controller's URL. */
    String path() {
        return name().toLowerCase().replace('_', '-');
    }

    static KillPoint of(String path) {
        return valueOf(path.toUpperCase().replace('-', '_'));
    }
}
