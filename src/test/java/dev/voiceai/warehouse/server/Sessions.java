package dev.voiceai.warehouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.PublicKey;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Who is logged in: with a key pair, and with nothing else. */
final class Sessions {

    private final DuckDb database;
    private final Map<String, PublicKey> users = new ConcurrentHashMap<>();
    private final Map<String, Session> byToken = new ConcurrentHashMap<>();

    Sessions(DuckDb database) {
        this.database = database;
    }

    /** From now on the user logs in with the private key of this public one, and with no other. */
    void trust(String user, PublicKey key) {
        users.put(user.toUpperCase(Locale.ROOT), key);
    }

    ObjectNode login(JsonNode login, Map<String, String> query) throws SQLException {
        var user = login.path("LOGIN_NAME").asText();
        var key = users.get(user.toUpperCase(Locale.ROOT));
        if (!login.path("AUTHENTICATOR").asText().equalsIgnoreCase("SNOWFLAKE_JWT")) {
            throw new Refusal("390100", "08001", "Incorrect username or password was specified.");
        }
        if (key == null || !new KeyPairLogin(login.path("ACCOUNT_NAME").asText(), user, key)
                .accepts(login.path("TOKEN").asText())) {
            throw new Refusal("390144", "08001", "JWT token is invalid.");
        }
        var session = new Session(newToken(), login.path("SESSION_PARAMETERS"), database.open());
        if (query.containsKey("databaseName") && query.containsKey("schemaName")) {
            useIfThere(session, query.get("databaseName") + "." + query.get("schemaName"));
        }
        var token = newToken();
        byToken.put(token, session);
        var answer = Answers.JSON.createObjectNode().put("token", token).put("masterToken", session.masterToken)
                .put("validityInSeconds", 3600).put("masterValidityInSeconds", 14_400)
                .put("sessionId", byToken.size()).put("serverVersion", "10.0.0");
        setParameters(answer.putArray("parameters"));
        answer.putObject("sessionInfo").put("databaseName", query.get("databaseName"))
                .put("schemaName", query.get("schemaName")).put("warehouseName", query.get("warehouse"))
                .put("roleName", query.get("roleName"));
        return answer;
    }

    /** A login with a schema that does not exist succeeds; it has none then. */
    private static void useIfThere(Session session, String schema) {
        try {
            session.use(schema);
        } catch (SQLException e) {
            // Whoever logs in may be about to make it.
        }
    }

    /** What the driver reads of the server's settings. */
    private static void setParameters(ArrayNode parameters) {
        parameters.addObject().put("name", "AUTOCOMMIT").put("value", true);
        parameters.addObject().put("name", "CLIENT_TELEMETRY_ENABLED").put("value", false);
        parameters.addObject().put("name", "TIMEZONE").put("value", "UTC");
        parameters.addObject().put("name", "DATE_OUTPUT_FORMAT").put("value", "YYYY-MM-DD");
        for (var type : List.of("", "_LTZ", "_NTZ", "_TZ")) {
            parameters.addObject().put("name", "TIMESTAMP" + type + "_OUTPUT_FORMAT")
                    .put("value", "YYYY-MM-DD HH24:MI:SS.FF3" + (type.equals("_NTZ") ? "" : " TZHTZM"));
        }
    }

    /** The session of a token that is still good. */
    Session of(String token) {
        var session = byToken.get(token);
        if (session == null) {
            throw new Refusal("390104", "08001", "User must log in again to access the service.");
        }
        if (session.tokenExpired) {
            throw new Refusal("390112", "08001", "Session token has expired.");
        }
        return session;
    }

    ObjectNode renew(JsonNode request) {
        var session = byToken.remove(request.path("oldSessionToken").asText());
        if (session == null) {
            throw new Refusal("390114", "08001", "Authentication token has expired. The user must authenticate again.");
        }
        session.tokenExpired = false;
        var token = newToken();
        byToken.put(token, session);
        return Answers.JSON.createObjectNode().put("sessionToken", token).put("masterToken", session.masterToken)
                .put("validityInSecondsST", 3600).put("validityInSecondsMT", 14_400);
    }

    void end(Session session) throws SQLException {
        byToken.values().remove(session);
        session.close();
    }

    void endAll() throws SQLException {
        for (var session : List.copyOf(byToken.values())) {
            end(session);
        }
    }

    /** What the clients that are logged in have set. */
    List<JsonNode> parameters() {
        return byToken.values().stream().map(session -> session.parameters).toList();
    }

    private static String newToken() {
        return UUID.randomUUID().toString();
    }
}
