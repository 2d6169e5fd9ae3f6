package dev.voiceai.warehouse.server;

/** Ends a request with an error of Snowflake. */
final class Refusal extends RuntimeException {

    private final transient SqlError error;

    Refusal(SqlError error) {
        super(error.message());
        this.error = error;
    }

    Refusal(String code, String sqlState, String message) {
        this(new SqlError(code, sqlState, message));
    }

    SqlError error() {
        return error;
    }
}
