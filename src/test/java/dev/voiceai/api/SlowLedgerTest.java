package dev.voiceai.api;

import static dev.voiceai.api.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.system.RunningSystem;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Retell, with a person on the line, is answered in time while a row that the answer needs is locked. */
class SlowLedgerTest {
    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;

    @Test
    void aFunctionIsAnsweredWithASentenceAndItsTaskIsWrittenOnceTheLedgerGoesOn() throws SQLException {
        var requestId = waitingCall("+12065550100");
        var body = "{\"name\": \"set_disposition\", \"args\": {\"disposition\": \"interested\"}, \"call\": "
                + Outside.call(requestId, 1) + "}";

        try (var lock = lock(requestId)) {
            var start = Instant.now();
            var answer = system.postAsRetell("/retell/functions", body);

            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(json(answer.body()).get("result").asText()).isEqualTo("pending");
            assertThat(json(answer.body()).get("speak").asText()).endsWith(".");
            assertThat(tasks("request_id", requestId)).isZero();
            lock.rollback();
        }

        await().atMost(RunningSystem.PATIENCE).until(() -> tasks("request_id", requestId) == 1);
        await().atMost(RunningSystem.PATIENCE).until(() -> json(system.postAsRetell("/retell/functions", body).body())
                .get("result").asText().equals("done"));
        assertThat(tasks("request_id", requestId)).isEqualTo(1);
    }

    @Test
    void aCallerIsNotKeptWaitingAndTheCallIsNotedAllTheSame() throws SQLException {
        var number = "+12065590100";
        var requestId = waitingCall(number);
        var callId = "call_" + UUID.randomUUID();
        var body = "{\"event\": \"call_inbound\", \"call_inbound\": {\"call_id\": \"" + callId + "\", \"from_number\": \"" + number
                + "\", \"to_number\": \"+14155550100\"}}";

        try (var lock = lock(requestId)) {
            var start = Instant.now();
            var answer = system.postAsRetell("/retell/inbound", body);

            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(6));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(json(answer.body())).isEqualTo(json("{\"call_inbound\": {}}"));
            lock.rollback();
        }

        await().atMost(RunningSystem.PATIENCE).until(() -> tasks("call_id", callId) == 1);
        await().atMost(RunningSystem.PATIENCE).until(() -> json(system.postAsRetell("/retell/inbound", body).body())
                .at("/call_inbound/dynamic_variables/last_request_id").asText().equals(requestId));
        assertThat(tasks("call_id", callId)).isEqualTo(1);
    }

    private String waitingCall(String number) {
        return system.requestCall(Client.JSON.createObjectNode().put("to_number", number)
                .put("not_before", Instant.now().plus(1, ChronoUnit.DAYS).toString()));
    }

    /** Holds the row that gives a request's timeline its order, until the connection is rolled back. */
    private Connection lock(String requestId) throws SQLException {
        var connection = system.bean("ledger", DataSource.class).getConnection();
        connection.setAutoCommit(false);
        try (var statement = connection.prepareStatement("SELECT last_seq FROM stream WHERE stream = ? FOR UPDATE")) {
            statement.setString(1, requestId);
            statement.executeQuery();
        }
        return connection;
    }

    private long tasks(String column, String value) {
        return system.ledger().sql("SELECT COUNT(*) FROM task WHERE " + column + " = ?").param(value).query(Long.class).single();
    }
}
