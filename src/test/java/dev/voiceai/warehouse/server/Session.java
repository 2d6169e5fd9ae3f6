package dev.voiceai.warehouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;

/** A session of a client, and its connection to DuckDB. */
final class Session implements AutoCloseable {

    /** Gets the client a new session token. */
    final String masterToken;

    /** What the client has set at login, such as QUERY_TAG. */
    final JsonNode parameters;

    final Connection connection;

    volatile boolean tokenExpired;
    private volatile String schema = "";

    Session(String masterToken, JsonNode parameters, Connection connection) {
        this.masterToken = masterToken;
        this.parameters = parameters;
        this.connection = connection;
    }

    /** @param name {@code database.schema}, or one of the two where the other stays */
    void use(String name) throws SQLException {
        var path = name.contains(".") || schema.isEmpty() ? name : schema.replaceFirst("[^.]*$", name);
        DuckDb.run(connection, "SET search_path = '" + path + ",memory.main'");
        schema = path;
    }

    /** {@code database.schema}; empty until one is used. */
    String schema() {
        return schema;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
