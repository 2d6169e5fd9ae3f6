package dev.voiceai.warehouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.PublicKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

/** The server, on a free port of the loopback address. It keeps its data, sessions and port while it is stopped. */
public final class SnowflakeServer implements AutoCloseable {

    private static final String LOGIN = "/session/v1/login-request";
    private static final Pattern RESULT = Pattern.compile("/queries/([\\w-]+)/result");
    private static final Pattern TOKEN = Pattern.compile("Token=\"([^\"]*)\"");
    private static final ObjectNode NOTHING = Answers.success(Answers.JSON.createObjectNode());

    private final DuckDb database = new DuckDb();
    private final Sessions sessions = new Sessions(database);
    private final FaultPlan faults = new FaultPlan();
    private final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();
    private final List<ReceivedRequest> executions = new CopyOnWriteArrayList<>();
    /** Answers by requestId, which the client repeats when it has got none, and by query. */
    private final Map<String, ObjectNode> answers = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer http;
    private int port;

    public SnowflakeServer() {
        // Without it each answer waits for the client's acknowledgement, 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        start();
    }

    /** Listens, on the same port as before. */
    public void start() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = http.getAddress().getPort();
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    /** Nobody listens any more. */
    public void stop() {
        http.stop(0);
    }

    @Override
    public void close() {
        stop();
        threads.shutdownNow();
        database.close();
    }

    /** JDBC URL of a schema, with further parameters such as {@code &maxHttpRetries=1}. */
    public String url(String databaseName, String schema, String more) {
        // The driver keeps the first socket time-out that it is told for the whole process: all tests tell the same.
        return "jdbc:snowflake://127.0.0.1:%d/?ssl=off&account=test&HTTP_CLIENT_SOCKET_TIMEOUT=4000&db=%s&schema=%s%s"
                .formatted(port, databaseName, schema, more);
    }

    /** From now on the user logs in with the private key of this public one, and with no other. */
    public void trust(String user, PublicKey key) {
        sessions.trust(user, key);
    }

    public FaultPlan faults() {
        return faults;
    }

    /** Every session is gone, as after a long pause or a failover. */
    public void endSessions() {
        try {
            sessions.endAll();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the clients that are logged in have set, such as QUERY_TAG. */
    public List<JsonNode> sessionParameters() {
        return sessions.parameters();
    }

    /** The rows of a table of the schema that the account script makes, as JSON objects. */
    public List<ObjectNode> rows(String table) {
        try (var connection = database.open();
                var statement = connection.prepareStatement("SELECT to_json(t) FROM voice_ai.calls." + table + " t");
                var result = statement.executeQuery()) {
            var rows = new ArrayList<ObjectNode>();
            while (result.next()) {
                rows.add((ObjectNode) Answers.JSON.readTree(result.getString(1)));
            }
            return rows;
        } catch (SQLException | JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every request so far, in order. */
    public List<ReceivedRequest> requests() {
        return requests;
    }

    /** Every statement that has run so far without an error, in order. */
    public List<ReceivedRequest> executions() {
        return executions;
    }

    private void handle(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var body = body(exchange);
        var request = new ReceivedRequest(path, body.path("sqlText").asText(), body.path("describeOnly").asBoolean(),
                binds(body.path("bindings")));
        requests.add(request);
        try {
            if (request.isStatement()) {
                statement(exchange, request, body);
            } else {
                send(exchange, answer(exchange, path, body));
            }
        } catch (Refusal refusal) {
            send(exchange, Answers.failure(refusal.error()));
        } catch (SQLException e) {
            send(exchange, Answers.failure(SqlError.of(e)));
        }
    }

    private ObjectNode answer(HttpExchange exchange, String path, JsonNode body) throws SQLException {
        var query = query(exchange);
        if (path.equals(LOGIN)) {
            return faults.hasNoLogins() ? null : Answers.success(sessions.login(body.path("data"), query));
        }
        if (path.equals("/session/token-request")) {
            return Answers.success(sessions.renew(body));
        }
        if (path.equals("/telemetry/send")) {
            return NOTHING;
        }
        var session = session(exchange);
        var result = RESULT.matcher(path);
        if (result.matches()) {
            return answers.get(result.group(1));
        }
        if (path.equals("/session") && query.containsKey("delete")) {
            sessions.end(session);
        }
        // A heartbeat, an abort or the end of a session.
        return NOTHING;
    }

    private void statement(HttpExchange exchange, ReceivedRequest request, JsonNode body)
            throws IOException, SQLException {
        var session = session(exchange);
        if (request.describeOnly()) {
            send(exchange, Answers.success(Statements.describe(session, request.sql(), newId())));
            return;
        }
        var fault = faults.take().orElse(null);
        if (fault == null) {
            send(exchange, run(session, request, body, query(exchange).get("requestId")));
            return;
        }
        switch (fault.kind()) {
            case UNAVAILABLE -> send(exchange, null);
            case DROP_BEFORE -> exchange.close();
            case TOKEN_EXPIRED -> {
                session.tokenExpired = true;
                session(exchange);
            }
            case SESSION_GONE -> {
                sessions.end(session);
                session(exchange);
            }
            case ERROR -> throw new Refusal(fault.error());
            case DROP_AFTER -> {
                run(session, request, body, query(exchange).get("requestId"));
                exchange.close();
            }
            case SILENT -> run(session, request, body, query(exchange).get("requestId"));
            case IN_PROGRESS -> send(exchange, Answers.inProgress(
                    run(session, request, body, query(exchange).get("requestId")).at("/data/queryId").asText()));
        }
    }

    /** Runs a statement; one that comes again gets the answer that it had. */
    private ObjectNode run(Session session, ReceivedRequest request, JsonNode body, String requestId)
            throws SQLException {
        synchronized (session) {
            var known = answers.get(requestId);
            if (known != null && !faults.runsRepeatsAgain()) {
                return known;
            }
            var queryId = newId();
            var answer = Answers.success(
                    Statements.run(session, request.sql(), Binds.of(body.path("bindings")), queryId));
            executions.add(request);
            answers.put(requestId, answer);
            answers.put(queryId, answer);
            return answer;
        }
    }

    private Session session(HttpExchange exchange) {
        var token = TOKEN.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        return sessions.of(token.find() ? token.group(1) : "");
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        try (var in = exchange.getRequestBody()) {
            var zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            var bytes = (zipped ? new GZIPInputStream(in) : in).readAllBytes();
            return bytes.length == 0 ? Answers.JSON.createObjectNode() : Answers.JSON.readTree(bytes);
        }
    }

    private static List<String> binds(JsonNode bindings) {
        return StreamSupport.stream(bindings.spliterator(), false).map(bind -> bind.path("value"))
                .map(value -> value.isArray() ? value.path(0).asText() : value.asText()).toList();
    }

    private static Map<String, String> query(HttpExchange exchange) {
        var query = exchange.getRequestURI().getRawQuery();
        return query == null ? Map.of() : Arrays.stream(query.split("&")).map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8), (a, b) -> b));
    }

    /** @param answer null for HTTP 503 */
    private static void send(HttpExchange exchange, ObjectNode answer) throws IOException {
        var bytes = answer == null ? new byte[0] : Answers.JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer == null ? 503 : 200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
