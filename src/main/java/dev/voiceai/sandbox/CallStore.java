package dev.voiceai.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The sandbox's memory, an H2 file: calls, what is still to happen to them, webhooks not yet delivered, and every
 * create-phone-call that was answered. A commit is on disk when it returns, so a killed sandbox goes on where it was.
 * Times are Unix milliseconds.
 */
final class CallStore implements AutoCloseable {
    private static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS phone_call (
                seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                call_id VARCHAR(64) NOT NULL UNIQUE,
                request_id VARCHAR,
                call_status VARCHAR(16) NOT NULL,
                script VARCHAR(32) NOT NULL,
                ending VARCHAR(32) NOT NULL,
                body VARCHAR NOT NULL);
            CREATE INDEX IF NOT EXISTS phone_call_request ON phone_call (request_id, seq);
            CREATE INDEX IF NOT EXISTS phone_call_status ON phone_call (call_status);
            CREATE TABLE IF NOT EXISTS step (
                seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                call_id VARCHAR(64) NOT NULL,
                action VARCHAR(16) NOT NULL,
                due_at BIGINT NOT NULL);
            CREATE INDEX IF NOT EXISTS step_due ON step (due_at, seq);
            CREATE INDEX IF NOT EXISTS step_call ON step (call_id);
            CREATE TABLE IF NOT EXISTS webhook (
                seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                call_id VARCHAR(64) NOT NULL,
                turn INT NOT NULL,
                tries INT NOT NULL,
                due_at BIGINT NOT NULL,
                body VARCHAR NOT NULL);
            CREATE INDEX IF NOT EXISTS webhook_due ON webhook (due_at, seq);
            CREATE INDEX IF NOT EXISTS webhook_call ON webhook (call_id, turn);
            CREATE TABLE IF NOT EXISTS create_post (
                seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                repeat_key VARCHAR NOT NULL,
                request_id VARCHAR,
                attempt VARCHAR,
                status INT NOT NULL,
                call_id VARCHAR(64));
            CREATE INDEX IF NOT EXISTS create_post_repeat ON create_post (repeat_key);
            CREATE INDEX IF NOT EXISTS create_post_request ON create_post (request_id);
            """;

    private final JdbcConnectionPool pool;
    private final JdbcClient sql;
    private final TransactionTemplate transaction;

    /** A call with its script and the script whose ending it takes: another one once it has been stopped. */
    record Call(String callId, Script script, Script ending, ObjectNode body) {
    }

    /** A move of a call that has come due. */
    record DueStep(long seq, String callId, Script.Action action) {
    }

    /** A webhook that has come due; {@code tries} counts the deliveries that have failed. */
    record DueWebhook(long seq, String callId, int tries, String body) {
    }

    /** One create-phone-call and its answer. {@code status} is 0 when the connection was dropped. */
    record Post(String requestId, String attempt, int status, String callId) {
    }

    CallStore(Path dataDir) {
        // WRITE_DELAY=0: H2's default gives a commit back before it is on disk. The owner closes, not a shutdown hook.
        pool = JdbcConnectionPool.create("jdbc:h2:file:" + dataDir.toAbsolutePath().resolve("retell-sandbox")
                + ";WRITE_DELAY=0;COMPRESS=TRUE;DB_CLOSE_ON_EXIT=FALSE", "sa", "");
        sql = JdbcClient.create(pool);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(pool));
        for (String statement : SCHEMA.split(";")) {
            if (!statement.isBlank()) {
                sql.sql(statement).update();
            }
        }
    }

    <T> T inTransaction(Supplier<T> work) {
        return transaction.execute(status -> work.get());
    }

    void insert(Call call, String requestId) {
        sql.sql("""
                INSERT INTO phone_call (call_id, request_id, call_status, script, ending, body)
                VALUES (?, ?, ?, ?, ?, ?)""")
                .params(call.callId, requestId, status(call), call.script.name(), call.ending.name(), text(call.body))
                .update();
    }

    void update(Call call) {
        sql.sql("UPDATE phone_call SET call_status = ?, ending = ?, body = ? WHERE call_id = ?")
                .params(status(call), call.ending.name(), text(call.body), call.callId)
                .update();
    }

    private static String status(Call call) {
        return call.body.get("call_status").asText();
    }

    Optional<Call> find(String callId) {
        return sql.sql("SELECT call_id, script, ending, body FROM phone_call WHERE call_id = ?")
                .param(callId).query(CallStore::call).optional();
    }

    /** The call, locked until the transaction ends. */
    Optional<Call> lock(String callId) {
        return sql.sql("SELECT call_id, script, ending, body FROM phone_call WHERE call_id = ? FOR UPDATE")
                .param(callId).query(CallStore::call).optional();
    }

    private static Call call(ResultSet row, int number) throws SQLException {
        return new Call(row.getString("call_id"), Script.valueOf(row.getString("script")),
                Script.valueOf(row.getString("ending")), (ObjectNode) json(row.getString("body")));
    }

    /** Calls that hold a concurrency slot: they ring or talk. */
    int concurrency() {
        return sql.sql("SELECT COUNT(*) FROM phone_call WHERE call_status IN ('registered', 'ongoing')")
                .query(Integer.class).single();
    }

    /**
     * A stretch of all calls in the order in which they were placed, or its reverse.
     *
     * @param after the call that comes before the first one, null to start at the end
     * @param requestId only calls with this {@code metadata.request_id}, null for all
     */
    List<Call> page(boolean ascending, String after, String requestId, int limit) {
        return sql.sql("""
                SELECT call_id, script, ending, body FROM phone_call WHERE TRUE%s%s ORDER BY seq %s LIMIT :limit"""
                .formatted(
                        after == null ? "" : " AND seq %s (SELECT p.seq FROM phone_call p WHERE p.call_id = :after)"
                                .formatted(ascending ? ">" : "<"),
                        requestId == null ? "" : " AND request_id = :requestId",
                        ascending ? "ASC" : "DESC"))
                .param("after", after).param("requestId", requestId).param("limit", limit)
                .query(CallStore::call).list();
    }

    void schedule(String callId, Script.Action action, long dueAt) {
        sql.sql("INSERT INTO step (call_id, action, due_at) VALUES (?, ?, ?)")
                .params(callId, action.name(), dueAt).update();
    }

    List<DueStep> dueSteps(long now, int limit) {
        return sql.sql("SELECT seq, call_id, action FROM step WHERE due_at <= ? ORDER BY due_at, seq LIMIT ?")
                .params(now, limit)
                .query((row, number) -> new DueStep(row.getLong("seq"), row.getString("call_id"),
                        Script.Action.valueOf(row.getString("action"))))
                .list();
    }

    /** @return false when the step was already gone */
    boolean delete(DueStep step) {
        return sql.sql("DELETE FROM step WHERE seq = ?").param(step.seq).update() == 1;
    }

    void deleteSteps(String callId) {
        sql.sql("DELETE FROM step WHERE call_id = ?").param(callId).update();
    }

    /**
     * Deletes a call with what is still to happen to it and its webhooks.
     *
     * @return false when there was none
     */
    boolean delete(String callId) {
        return inTransaction(() -> {
            deleteSteps(callId);
            sql.sql("DELETE FROM webhook WHERE call_id = ?").param(callId).update();
            return sql.sql("DELETE FROM phone_call WHERE call_id = ?").param(callId).update() == 1;
        });
    }

    /** @param turn the events of one call are first tried in the order of their turns; equal turns go out together */
    void addWebhook(String callId, int turn, long dueAt, JsonNode body) {
        sql.sql("INSERT INTO webhook (call_id, turn, tries, due_at, body) VALUES (?, ?, 0, ?, ?)")
                .params(callId, turn, dueAt, text(body)).update();
    }

    /**
     * Webhooks to deliver now. The first try of an event waits for the first try of the one before it, whatever came
     * of that: events go out in order, yet one that fails does not hold up the next.
     */
    List<DueWebhook> dueWebhooks(long now, int limit) {
        return sql.sql("""
                SELECT w.seq, w.call_id, w.tries, w.body FROM webhook w
                WHERE w.due_at <= ? AND (w.tries > 0 OR NOT EXISTS (
                    SELECT 1 FROM webhook p WHERE p.call_id = w.call_id AND p.turn < w.turn AND p.tries = 0))
                ORDER BY w.due_at, w.seq LIMIT ?""")
                .params(now, limit)
                .query((row, number) -> new DueWebhook(row.getLong("seq"), row.getString("call_id"),
                        row.getInt("tries"), row.getString("body")))
                .list();
    }

    void delete(DueWebhook webhook) {
        sql.sql("DELETE FROM webhook WHERE seq = ?").param(webhook.seq).update();
    }

    void retry(DueWebhook webhook, long dueAt) {
        sql.sql("UPDATE webhook SET tries = ?, due_at = ? WHERE seq = ?")
                .params(webhook.tries + 1, dueAt, webhook.seq).update();
    }

    /** When the next step or webhook comes due that is not due yet. */
    OptionalLong nextDue(long now) {
        Long next = sql.sql("""
                SELECT MIN(due_at) FROM (SELECT MIN(due_at) AS due_at FROM step WHERE due_at > :now
                    UNION ALL SELECT MIN(due_at) FROM webhook WHERE due_at > :now)""")
                .param("now", now).query(Long.class).optional().orElse(null);
        return next == null ? OptionalLong.empty() : OptionalLong.of(next);
    }

    /** @param repeatKey what repeats of one request have in common */
    void record(String repeatKey, Post post) {
        sql.sql("INSERT INTO create_post (repeat_key, request_id, attempt, status, call_id) VALUES (?, ?, ?, ?, ?)")
                .params(repeatKey, post.requestId, post.attempt, post.status, post.callId).update();
    }

    boolean hasPost(String repeatKey) {
        return sql.sql("SELECT EXISTS (SELECT 1 FROM create_post WHERE repeat_key = ?)")
                .param(repeatKey).query(Boolean.class).single();
    }

    /** Every create-phone-call in the order of its answer; of one request, when a {@code request_id} is given. */
    List<Post> posts(String requestId) {
        return sql.sql("SELECT request_id, attempt, status, call_id FROM create_post %s ORDER BY seq"
                        .formatted(requestId == null ? "" : "WHERE request_id = :requestId"))
                .param("requestId", requestId)
                .query((row, number) -> new Post(row.getString("request_id"), row.getString("attempt"),
                        row.getInt("status"), row.getString("call_id")))
                .list();
    }

    @Override
    public void close() {
        // The last connection closes the database.
        pool.dispose();
    }

    private static String text(JsonNode json) {
        try {
            return RetellSandbox.JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return RetellSandbox.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
