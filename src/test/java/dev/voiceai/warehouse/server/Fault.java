package dev.voiceai.warehouse.server;

/**
 * What goes wrong with one request that runs a statement.
 *
 * @param error what an {@link Kind#ERROR} says; null for all others
 */
public record Fault(Kind kind, SqlError error) {

    public static final Fault UNAVAILABLE = new Fault(Kind.UNAVAILABLE, null);
    public static final Fault DROP_BEFORE = new Fault(Kind.DROP_BEFORE, null);
    public static final Fault DROP_AFTER = new Fault(Kind.DROP_AFTER, null);
    public static final Fault TOKEN_EXPIRED = new Fault(Kind.TOKEN_EXPIRED, null);
    public static final Fault SESSION_GONE = new Fault(Kind.SESSION_GONE, null);
    public static final Fault IN_PROGRESS = new Fault(Kind.IN_PROGRESS, null);
    public static final Fault SILENT = new Fault(Kind.SILENT, null);

    enum Kind {
        /** HTTP 503 in place of an answer; nothing has run. */
        UNAVAILABLE,
        /** The connection is dropped before the statement runs. */
        DROP_BEFORE,
        /** The statement runs, and its answer is lost with the connection. */
        DROP_AFTER,
        /** The session token has run out (390112): the driver renews it and asks again. */
        TOKEN_EXPIRED,
        /** The session is gone (390104): the driver has to log in anew. */
        SESSION_GONE,
        /** The statement runs; the answer is that it is in progress (333333), and the driver asks for the result. */
        IN_PROGRESS,
        /** The statement runs, and then nothing is said on the connection, which stays open. */
        SILENT,
        /** An error of Snowflake; nothing has run. */
        ERROR
    }

    /** An error of Snowflake, such as 000625 with SQLState 57014, for too many waiters of a lock. */
    public static Fault error(String code, String sqlState) {
        return new Fault(Kind.ERROR, new SqlError(code, sqlState, "as planned"));
    }
}
