package dev.voiceai.warehouse.server;

import java.util.List;

/**
 * A request of a client.
 *
 * @param path the path, {@code /queries/v1/query-request} for one about a statement
 * @param sql the statement's text; empty for other requests
 * @param describeOnly whether the statement was only to be described
 * @param binds the statement's binds as text, in order, of its first run
 */
public record ReceivedRequest(String path, String sql, boolean describeOnly, List<String> binds) {

    static final String STATEMENT = "/queries/v1/query-request";

    public boolean isStatement() {
        return path.equals(STATEMENT);
    }
}
