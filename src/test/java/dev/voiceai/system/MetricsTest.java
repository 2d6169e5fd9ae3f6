package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Prometheus reads, and that alerts and runbook speak of nothing else. */
class MetricsTest {
    private static final RunningSystem SYSTEM = RunningSystem.shared();
    private static final Pattern OWN_METRIC = Pattern.compile("\\bvoice_ai_\\w+");
    private static final Path ALERTS = Path.of("k8s/monitoring/alerts.yaml");
    private static final Path RUNBOOK = Path.of("docs/operations.md");
    /** It has no series until what must not happen has happened. */
    private static final String ALARMS = "voice_ai_alarms_total";

    @Test
    void everyMetricOfAlertsAndRunbookIsThere() throws Exception {
        SYSTEM.awaitFinal(SYSTEM.requestCall("+12065550100"));
        SYSTEM.requestCall(RunningSystem.JSON.createObjectNode().put("to_number", "+12065550100")
                .put("not_before", Instant.now().plus(1, ChronoUnit.DAYS).toString()));
        var paused = SYSTEM.post("/api/v1/dialing/pause", "operator", "{\"campaign\": \"measured\", \"reason\": \"measured\"}");
        assertThat(paused.statusCode()).as(paused.body()).isEqualTo(200);
        var task = SYSTEM.post("/api/v1/tasks/incoming-call", "business",
                "{\"from_number\": \"+12065550177\", \"to_number\": \"+14155550123\"}");
        assertThat(task.statusCode()).as(task.body()).isEqualTo(201);
        SYSTEM.ledger().sql("UPDATE task SET state = 'needs_review' WHERE task_id = ?")
                .param(RunningSystem.json(task).get("task_id").asText()).update();
        SYSTEM.ledger().sql("INSERT INTO outbox (id, sink, stream, seq, kind, payload, state, due_at, created_at)"
                + " VALUES ('measured', 'abt', 'measured', 1, 'event', '{}', 'parked', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)").update();
        try {
            var wanted = new TreeSet<>(named(Files.readString(ALERTS)));
            wanted.addAll(named(Files.readString(RUNBOOK)));
            wanted.remove(ALARMS);

            await().atMost(RunningSystem.PATIENCE).untilAsserted(() -> assertThat(named(scrape())).containsAll(wanted));
            assertThat(scrape()).containsPattern("voice_ai_requests\\{.*state=\"scheduled\"")
                    .containsPattern("voice_ai_queue_messages\\{.*kind=\"visible\".*queue=\"call-requests-dlq\"")
                    .containsPattern("voice_ai_sqs_requests_total\\{.*operation=\"SendMessageBatch\"")
                    .containsPattern("camel_route_policy_seconds_count\\{.*routeId=\"accept-call\"")
                    .containsPattern("camel_exchanges_failed_total\\{.*routeId=\"accept-call\"")
                    .doesNotContain("+1206555", "+1415555");
        } finally {
            SYSTEM.ledger().sql("DELETE FROM outbox WHERE id = 'measured'").update();
            SYSTEM.post("/api/v1/dialing/resume", "operator", "{\"campaign\": \"measured\"}");
        }
    }

    @Test
    void everyAlertHasItsPageOfTheRunbookWithWhatToDo() throws IOException {
        JsonNode rules = new ObjectMapper(new YAMLFactory()).readTree(ALERTS.toFile()).at("/spec/groups/0/rules");
        List<String> alerts = rules.findValuesAsText("alert");
        String runbook = Files.readString(RUNBOOK);
        List<String> pages = Pattern.compile("(?m)^## (VoiceAi\\w+)$").matcher(runbook).results().map(page -> page.group(1)).toList();

        assertThat(pages).isNotEmpty().isEqualTo(alerts);
        for (String page : runbook.split("(?m)^## ")) {
            if (page.startsWith("VoiceAi")) {
                assertThat(page).contains("**Means** ", "**Look at** ", "**Do** ");
            }
        }
    }

    private static Set<String> named(String text) {
        return OWN_METRIC.matcher(text).results().map(name -> name.group()).collect(Collectors.toSet());
    }

    private static String scrape() {
        return SYSTEM.get(SYSTEM.management() + "/actuator/prometheus", null).body();
    }
}
