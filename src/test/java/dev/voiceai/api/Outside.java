package dev.voiceai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.system.Postgres;
import dev.voiceai.system.RunningSystem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.h2.tools.Server;

/**
 * A system all of whose outside parts are somebody else's, and may fail: Retell, the collector, the CRM, SQS, the ledger
 * and the warehouse. All test classes of this package share it; each leaves it healthy.
 */
final class Outside {
    private static final String KEY = "key_of_retell";
    private static Outside shared;

    final Stub retell = new Stub();
    final Stub abt = new Stub();
    final Stub crm = new Stub();
    final Link ledger;
    final Link warehouse;
    final RunningSystem system;

    private int checkedEvents;
    private final int sqsPort;
    private SQSRestServer sqs;

    static synchronized Outside shared() {
        if (shared == null) {
            shared = new Outside();
        }
        return shared;
    }

    private Outside() {
        var postgres = Postgres.newLedger();
        ledger = new Link(URI.create(postgres.get("LEDGER_URL").substring("jdbc:".length())).getPort());
        try {
            sqs = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
            sqsPort = sqs.waitUntilStarted().localAddress().getPort();
            var databases = Server.createTcpServer(
                            "-tcpPort", "0", "-baseDir", Files.createTempDirectory("voice-ai-databases-").toString(), "-ifNotExists")
                    .start();
            warehouse = new Link(databases.getPort());
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
        healthy();
        system = RunningSystem.start(Map.ofEntries(
                Map.entry("sqs.endpoint", "http://127.0.0.1:" + sqsPort),
                Map.entry("retell.base-url", retell.url()),
                Map.entry("retell.api-key", KEY),
                Map.entry("abt.url", abt.url() + "/events"),
                Map.entry("abt.timeout-ms", "1000"),
                Map.entry("abt.attempts-before-parking", "3"),
                Map.entry("crm.url", crm.url() + "/contacts"),
                Map.entry("crm.token", "token_of_the_crm"),
                Map.entry("crm.timeout-ms", "3000"),
                Map.entry("crm.repeats-before-review", "2"),
                Map.entry("ledger.url", postgres.get("LEDGER_URL").replaceFirst("//[^/]*/", "//127.0.0.1:" + ledger.port() + "/")),
                Map.entry("ledger.user", postgres.get("LEDGER_USER")),
                Map.entry("ledger.password", postgres.get("LEDGER_PASSWORD")),
                Map.entry("warehouse.url", "jdbc:h2:tcp://127.0.0.1:" + warehouse.port() + "/./warehouse;NON_KEYWORDS=VALUE;DB_CLOSE_DELAY=-1"),
                Map.entry("warehouse.report-timeout", "PT2S"),
                Map.entry("queues.visibility-seconds", "2"),
                Map.entry("queues.wait-seconds", "1"),
                Map.entry("retell.dial-timeout", "PT2S"),
                Map.entry("retell.concurrency", "100"),
                Map.entry("scheduler.queued-resend-after", "PT2S")));
    }

    /** Retell places every call, the collector takes every event and the CRM all fields. */
    void healthy() {
        assertEveryEventFitsItsSchema();
        abt.answer(request -> Stub.Answer.of(202));
        crm.answer(request -> Stub.Answer.of(204));
        retell.answer(Outside::placed);
    }

    /** No event that any test has caused so far may leave the system in another form than the published one. */
    private void assertEveryEventFitsItsSchema() {
        var requests = abt.requests();
        for (Stub.Request request : requests.subList(checkedEvents, requests.size())) {
            AbtContract.assertFits(request);
        }
        checkedEvents = requests.size();
    }

    /** What Retell answers when all is well: a call whose id is made of the request's. */
    static Stub.Answer placed(Stub.Request request) {
        if (request.path().equals("/v2/create-phone-call")) {
            var metadata = request.json().path("metadata");
            return new Stub.Answer(201, "{\"call_id\": \"" + callId(metadata.path("request_id").asText(), metadata.path("attempt").asInt())
                    + "\", \"call_status\": \"registered\"}");
        }
        return request.path().equals("/v3/list-calls")
                ? new Stub.Answer(200, "{\"items\": [], \"has_more\": false}")
                : new Stub.Answer(422, "{\"status\": \"error\", \"message\": \"no such call\"}");
    }

    static String callId(String requestId, int attempt) {
        return "call_" + requestId.replace("-", "") + "_" + attempt;
    }

    /** The call object of an attempt that went well. */
    static ObjectNode call(String requestId, int attempt) {
        long start = Instant.now().toEpochMilli() - 9_000;
        var call = Client.JSON.createObjectNode()
                .put("call_id", callId(requestId, attempt))
                .put("call_type", "phone_call").put("direction", "outbound").put("call_status", "ended")
                .put("from_number", "+14155550100").put("to_number", "+12065550100")
                .put("start_timestamp", start).put("end_timestamp", start + 4_000).put("duration_ms", 4_000)
                .put("disconnection_reason", "user_hangup").put("transcript", "Agent: Hello?");
        call.putObject("metadata").put("request_id", requestId).put("attempt", String.valueOf(attempt));
        call.putObject("call_analysis").put("call_successful", true).put("in_voicemail", false);
        return call;
    }

    static String webhook(String event, ObjectNode call) {
        return Client.JSON.createObjectNode().put("event", event).<ObjectNode>set("call", call).toString();
    }

    /** The create-phone-calls of a request, in order. */
    List<Stub.Request> dials(String requestId) {
        return retell.requests().stream()
                .filter(request -> request.path().equals("/v2/create-phone-call"))
                .filter(request -> request.json().at("/metadata/request_id").asText().equals(requestId))
                .toList();
    }

    /** The types of the events that the collector got for a subject, repeats included. */
    List<String> events(String subject) {
        return abt.requests().stream()
                .map(Stub.Request::json)
                .filter(event -> event.path("subject").asText().equals(subject))
                .map(event -> event.path("type").asText().replace("voice_ai.call.", ""))
                .toList();
    }

    /** Waits until an attempt was placed, and lets Retell say that it went well. */
    void complete(String requestId, int attempt) {
        Awaitility.await().atMost(RunningSystem.PATIENCE).until(() -> dials(requestId).stream()
                .anyMatch(dial -> dial.json().at("/metadata/attempt").asInt() == attempt));
        for (String event : List.of("call_started", "call_ended", "call_analyzed")) {
            Awaitility.await().atMost(RunningSystem.PATIENCE)
                    .until(() -> system.postAsRetell("/webhooks/retell", webhook(event, call(requestId, attempt))).statusCode() == 204);
        }
    }

    void stopSqs() {
        sqs.stopAndWait();
    }

    /** Empty, as a queue service is never; the system makes its queues again. */
    void startSqs() {
        sqs = SQSRestServerBuilder.withInterface("127.0.0.1").withPort(sqsPort).start();
        sqs.waitUntilStarted();
    }
}
