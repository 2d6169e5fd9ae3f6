package dev.voiceai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** The routes of routes/warehouse.camel.yaml, against H2 over TCP. */
@Timeout(60)
class FlushWarehouseTest {

    @TempDir
    Path folder;

    private DefaultCamelContext camel;
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private Server server;
    private TestWarehouse warehouse;

    @BeforeEach
    void start() throws Exception {
        server = listen(0);
        warehouse = TestWarehouse.at("tcp://127.0.0.1:" + server.getPort() + "/./warehouse");
        startRoutes(warehouse.pool);
    }

    private void startRoutes(DataSource dataSource) throws Exception {
        camel = new DefaultCamelContext();
        camel.getPropertiesComponent().addInitialProperty("routes.dir", TestWarehouse.ROUTES.toString());
        camel.getRegistry().bind("warehouse", dataSource);
        camel.getRegistry().bind("warehouseTables", warehouse.tables);
        PluginHelper.getRoutesLoader(camel).loadRoutes(PluginHelper.getResourceLoader(camel)
                .resolveResource("file:" + TestWarehouse.ROUTES.resolve("warehouse.camel.yaml")));
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
        warehouse.pool.close();
        server.stop();
    }

    @Test
    void everyTableIsWrittenByOneStatement() {
        warehouse.execute("SET QUERY_STATISTICS TRUE");
        add("requests", "r1", 1, "{\"request_id\":\"r1\",\"version\":1,\"state\":\"accepted\"}");
        add("requests", "r1", 2, "{\"request_id\":\"r1\",\"version\":2,\"state\":\"queued\"}");
        add("attempts", "r1", 3, "{\"request_id\":\"r1\",\"attempt\":1,\"version\":1}");
        add("call_events", "r1", 4, event("c1", "call_started"));
        add("call_events", "r1", 5, event("c1", "call_ended"));
        add("activity", "r1", 6, "{\"event_id\":\"e1\",\"event_at\":\"2026-11-22T10:00:00Z\",\"data\":{\"a\":null}}");
        add("tasks", "r2", 1, "{\"task_id\":\"t1\",\"version\":1,\"reason\":null,\"fields\":{\"x\":1}}");
        add("requests", "r2", 2, "{\"request_id\":\"r2\",\"version\":1,\"state\":\"accepted\"}");

        var flushed = flush();

        assertThat(ids(flushed)).containsExactlyInAnyOrder(
                "r1/1", "r1/2", "r1/3", "r1/4", "r1/5", "r1/6", "r2/1", "r2/2");
        assertThat(parked(flushed)).isEmpty();
        assertThat(warehouse.query("SELECT state FROM requests ORDER BY request_id"))
                .extracting(row -> row.get("STATE")).containsExactly("queued", "accepted");
        assertThat(warehouse.query("SELECT event FROM call_events")).hasSize(2);
        assertThat(warehouse.query("""
                SELECT sql_statement, execution_count FROM information_schema.query_statistics
                WHERE sql_statement LIKE 'MERGE%' OR sql_statement LIKE 'INSERT%'"""))
                .hasSize(5).allSatisfy(statement -> assertThat(statement).containsEntry("EXECUTION_COUNT", 1));
    }

    @Test
    void aFlushOnceMoreChangesNothing() {
        add("requests", "r1", 1, "{\"request_id\":\"r1\",\"version\":2,\"state\":\"queued\"}");
        add("call_events", "r1", 2, event("c1", "call_started"));
        flush();
        warehouse.execute("UPDATE requests SET state = 'as written first'");

        assertThat(ids(flush())).containsExactlyInAnyOrder("r1/1", "r1/2");

        assertThat(warehouse.row("SELECT state FROM requests")).containsEntry("STATE", "as written first");
        assertThat(warehouse.query("SELECT event FROM call_events")).hasSize(1);
    }

    @Test
    void noRowsAreNothingToDo() {
        var flushed = flush();
        assertThat(ids(flushed)).isEmpty();
        assertThat(parked(flushed)).isEmpty();
    }

    @Test
    void aPoisonRowIsParkedWithoutItsValuesAndTheOthersGoOn() {
        for (var i = 0; i < 20; i++) {
            add("requests", "r" + i, 1, "{\"request_id\":\"r%d\",\"version\":1,\"not_before\":\"%s\"}"
                    .formatted(i, i == 13 ? "ask Ms Doe" : "2026-11-22T10:00:00Z"));
        }

        var flushed = flush();

        assertThat(ids(flushed)).hasSize(19).doesNotContain("r13/1");
        assertThat(parked(flushed)).singleElement().satisfies(row -> assertThat(row).containsEntry("id", "r13/1")
                .hasEntrySatisfying("error", error -> assertThat((String) error)
                        .startsWith("table requests refused the row: SQLState 22").doesNotContain("Doe")));
        assertThat(warehouse.query("SELECT request_id FROM requests")).hasSize(19);
    }

    @Test
    void whatIsNoRowAtAllIsParkedToo() {
        add("requests", "r1", 1, "{\"request_id\":");
        add("requests", "r2", 1, "[]");
        add("requests", "r3", 1, "{\"version\":1}");
        add("weather", "r4", 1, "{}");
        add("call_events", "r5", 1, "{\"call_id\":\"c1\",\"event\":\"call_started\"}");
        add("requests", "r6", 1, "{\"request_id\":\"r6\",\"version\":1}");

        var flushed = flush();

        assertThat(ids(flushed)).containsExactly("r6/1");
        assertThat(parked(flushed)).extracting(row -> row.get("id"))
                .containsExactlyInAnyOrder("r1/1", "r2/1", "r3/1", "r4/1", "r5/1");
    }

    @Test
    void aParkedRowStopsItsOwnStreamAndItsEarlierVersionIsStillWritten() {
        add("requests", "r1", 1, "{\"request_id\":\"r1\",\"version\":1,\"state\":\"accepted\"}");
        add("requests", "r1", 2, "{\"request_id\":\"r1\",\"version\":2,\"final\":\"poison\"}");
        add("activity", "r1", 3, "{\"event_id\":\"e1\",\"event_at\":\"2026-11-22T10:00:00Z\"}");
        add("activity", "r2", 1, "{\"event_id\":\"e2\",\"event_at\":\"2026-11-22T10:00:00Z\"}");

        var flushed = flush();

        assertThat(ids(flushed)).containsExactly("r1/1", "r2/1");
        assertThat(parked(flushed)).extracting(row -> row.get("id")).containsExactly("r1/2");
        assertThat(warehouse.row("SELECT version, state FROM requests")).containsEntry("STATE", "accepted");
    }

    @Test
    void aWarehouseThatIsAwayFailsTheFlushAndTheRepeatDelivers() throws SQLException {
        add("requests", "r1", 1, "{\"request_id\":\"r1\",\"version\":1}");
        var port = server.getPort();
        server.stop();

        // The open connection fails first, then none can be opened.
        assertThatThrownBy(this::flush).cause().isInstanceOf(SQLException.class);
        warehouse.pool.getHikariPoolMXBean().softEvictConnections();
        assertThatThrownBy(this::flush).cause().isInstanceOf(SQLException.class);
        assertThat(warehouse.pool.health().getStatus().getCode()).isEqualTo("DEGRADED");

        server = listen(port);
        assertThat(ids(flush())).containsExactly("r1/1");
        assertThat(warehouse.query("SELECT request_id FROM requests")).hasSize(1);
        assertThat(warehouse.pool.health().getStatus().getCode()).isEqualTo("UP");
    }

    /** As where Snowflake's driver can't read the key, which it says with a SQLState of class 42. */
    @Test
    void aConnectionThatFailsIsNoFaultOfARowWhateverItsSqlState() throws Exception {
        var attempts = new AtomicInteger();
        camel.stop();
        startRoutes(new SimpleDriverDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                attempts.incrementAndGet();
                throw new SQLTransientConnectionException("no connection", "42601");
            }
        });
        add("requests", "r1", 1, "{\"request_id\":\"r1\",\"version\":1}");
        add("requests", "r2", 1, "{\"request_id\":\"r2\",\"version\":1}");

        assertThatThrownBy(this::flush).cause().isInstanceOf(SQLTransientConnectionException.class);

        assertThat(attempts).hasValue(1);
    }

    @Test
    void aMissingTableFailsTheFlushAndParksNothing() {
        add("requests", "r1", 1, "{\"request_id\":\"r1\",\"version\":1}");
        add("requests", "r2", 1, "{\"request_id\":\"r2\",\"version\":1}");
        warehouse.execute("DROP TABLE requests CASCADE");

        assertThatThrownBy(this::flush).cause().isInstanceOfSatisfying(SQLException.class,
                e -> assertThat(e.getSQLState()).startsWith("42"));
    }

    @Test
    void rowsTooLongForOneStatementAreWrittenBySeveral() {
        var transcript = "a".repeat(400_000);
        for (var i = 1; i <= 5; i++) {
            add("attempts", "r" + i, 1, "{\"request_id\":\"r%d\",\"attempt\":1,\"version\":1,\"transcript\":\"%s\"}"
                    .formatted(i, transcript));
        }

        assertThat(ids(flush())).hasSize(5);

        assertThat(warehouse.query("SELECT request_id FROM attempts WHERE LENGTH(transcript) = 400000")).hasSize(5);
    }

    @Test
    void nothingOfAFlushStaysBehindOnTheExchange() {
        add("requests", "r1", 1, "{\"request_id\":\"r1\",\"version\":1}");
        var flushed = flush();
        assertThat(flushed.getVariables()).containsOnlyKeys("flushedIds", "parkedRows");
        assertThat(flushed.getMessage().getHeaders()).isEmpty();
    }

    private Server listen(int port) throws SQLException {
        return Server.createTcpServer("-tcpPort", String.valueOf(port), "-ifNotExists", "-baseDir", folder.toString())
                .start();
    }

    private void add(String kind, String stream, long seq, String payload) {
        rows.add(Map.of("id", stream + "/" + seq, "kind", kind, "stream", stream, "seq", seq, "payload", payload));
    }

    private static String event(String callId, String event) {
        return """
                {"call_id":"%s","event":"%s","received_at":"2026-11-22T10:00:00Z","payload_sha256":"ab","payload":{}}"""
                .formatted(callId, event);
    }

    private Exchange flush() {
        var answer = camel.createProducerTemplate().request("direct:flush-warehouse",
                exchange -> exchange.getMessage().setBody(rows));
        if (answer.getException() != null) {
            throw new IllegalStateException(answer.getException());
        }
        return answer;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> ids(Exchange flushed) {
        return flushed.getVariable("flushedIds", List.class);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> parked(Exchange flushed) {
        return flushed.getVariable("parkedRows", List.class);
    }
}
