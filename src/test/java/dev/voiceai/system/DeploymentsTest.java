package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Deployments of k8s/overlays/production, each a system with its own ROUTES, on one ledger and one SQS. */
class DeploymentsTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final ForeignSqs sqs = new ForeignSqs();
    private final ForeignRetell retell = new ForeignRetell();
    private final ForeignAbt abt = new ForeignAbt();
    private final Map<String, String> shared = new HashMap<>();

    DeploymentsTest() {
        shared.putAll(sqs.settings());
        shared.putAll(retell.settings());
        shared.putAll(Postgres.newLedger());
        shared.put("ABT_URL", abt.url());
        shared.put("PRIVACY_HASH_KEY", "one for all processes");
    }

    @AfterEach
    void stop() {
        sqs.close();
        retell.close();
        abt.close();
    }

    @Test
    void aCallTravelsThroughAllAndWaitsForThoseThatAreNotThere() throws IOException {
        try (var voiceApi = start("voice-api")) {
            var requestId = voiceApi.requestCall("+12065550100");

            // A queue is made when it is first used.
            await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(10)).until(() -> sqs.queues().isEmpty());
            assertThat(voiceApi.call(requestId).get("state").asText()).isEqualTo("queued");
            assertReady(voiceApi);

            try (var webhookProcessor = start("webhook-processor");
                    var callProcessor = start("call-processor");
                    var businessApi = start("business-api")) {
                await().atMost(RunningSystem.PATIENCE).until(() -> retell.hasPlaced(requestId));
                for (String event : ForeignRetell.EVENTS) {
                    assertThat(voiceApi.postAsRetell("/webhooks/retell", retell.webhook(event, requestId)).statusCode())
                            .isEqualTo(204);
                }
                assertThat(voiceApi.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
                assertThat(disposition(businessApi, requestId).statusCode()).isEqualTo(201);
                voiceApi.awaitEmptyOutbox(requestId);
                assertThat(abt.eventTypes(requestId)).containsExactly("initiated", "started", "completed");
                assertThat(retell.dials(requestId)).isEqualTo(1);

                for (var system : List.of(webhookProcessor, callProcessor, businessApi)) {
                    assertReady(system);
                    assertAnsweredElsewhere(system.post("/api/v1/calls", "engage", "{\"to_number\":\"+12065550100\"}"));
                    assertAnsweredElsewhere(system.get("/api/v1/calls/" + requestId, "operator"));
                    assertAnsweredElsewhere(system.postAsRetell("/webhooks/retell", "{}"));
                }
                for (var system : List.of(voiceApi, webhookProcessor, callProcessor)) {
                    assertAnsweredElsewhere(disposition(system, requestId));
                    assertAnsweredElsewhere(system.get("/api/v1/tasks", "operator"));
                    assertAnsweredElsewhere(system.get("/api/v1/tasks/", "operator"));
                    assertAnsweredElsewhere(system.delete("/api/v1/tasks/" + requestId, "business"));
                    assertAnsweredElsewhere(system.get("/api/v1/reports", "operator"));
                    assertAnsweredElsewhere(system.postAsRetell("/retell/functions", "{}"));
                }
                assertThat(businessApi.get("/api/v1/reports", "operator").statusCode()).isEqualTo(200);
                assertThat(callProcessor.get("/api/v1/dialing", "operator").statusCode()).isEqualTo(200);
                assertThat(businessApi.postAsRetell("/retell/functions", "{}").statusCode()).isNotEqualTo(404);
            }
        }
    }

    private RunningSystem start(String deployment) throws IOException {
        var settings = new HashMap<>(shared);
        settings.put("ROUTES", routes(deployment));
        return RunningSystem.start(settings);
    }

    private static String routes(String deployment) throws IOException {
        var patch = YAML.readTree(Path.of("k8s/overlays/production", deployment, "deployment.yaml").toFile());
        JsonNode variable = patch.at("/spec/template/spec/containers/0/env/0");
        assertThat(variable.path("name").asText()).isEqualTo("ROUTES");
        return variable.path("value").asText();
    }

    private static HttpResponse<String> disposition(RunningSystem system, String requestId) {
        return system.post("/api/v1/tasks/set-disposition", "business",
                "{\"request_id\":\"" + requestId + "\",\"disposition\":\"interested\"}");
    }

    private static void assertAnsweredElsewhere(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as("%s %s", answer.uri(), answer.body()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("There is nothing at this path.");
    }

    /** What a system does not run can't make it unready. */
    private static void assertReady(RunningSystem system) {
        var readiness = system.get(system.management() + "/actuator/health/readiness", null);
        assertThat(readiness.statusCode()).as(readiness.body()).isEqualTo(200);
        assertThat(RunningSystem.json(readiness).get("status").asText()).as(readiness.body()).isEqualTo("UP");
    }
}
