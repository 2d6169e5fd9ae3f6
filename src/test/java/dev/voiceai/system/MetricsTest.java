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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What Prometheus reads, and that alerts, dashboard and runbook speak of nothing else. */
class MetricsTest {
    private static final RunningSystem SYSTEM = RunningSystem.shared();
    private static final Pattern OWN_METRIC = Pattern.compile("\\bvoice_ai_\\w+");
    private static final Path ALERTS = Path.of("k8s/monitoring/alerts.yaml");
    private static final Path DASHBOARD = Path.of("k8s/monitoring/dashboard.json");
    private static final Path RUNBOOK = Path.of("docs/operations.md");
    /** Any metric of this system or of Camel, with what selects its series. */
    private static final Pattern SELECTOR = Pattern.compile("\\b((?:voice_ai|camel)_\\w+)(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|ignoring)\\s*\\(([^)]*)\\)");
    private static final Pattern ROUTE_ID = Pattern.compile("(?m)^- route:\\n    id: (.+)$");
    /** Labels that Prometheus adds when it scrapes a pod. */
    private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("pod");
    /** It has no series until what must not happen has happened. */
    private static final String ALARMS = "voice_ai_alarms_total";

    @Test
    void everyMetricOfAlertsDashboardAndRunbookIsThere() throws Exception {
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
            wanted.addAll(named(Files.readString(DASHBOARD)));
            wanted.remove(ALARMS);

            await().atMost(RunningSystem.PATIENCE).untilAsserted(() -> {
                var scraped = scrape();
                assertThat(named(scraped)).containsAll(wanted);
                assertThat(scraped).containsPattern("voice_ai_requests\\{.*state=\"scheduled\"")
                        .containsPattern("voice_ai_queue_messages\\{.*kind=\"visible\".*queue=\"call-requests-dlq\"")
                        .containsPattern("voice_ai_sqs_requests_total\\{.*operation=\"SendMessageBatch\"")
                        .containsPattern("camel_route_policy_seconds_count\\{.*routeId=\"accept-call\"")
                        .containsPattern("camel_exchanges_failed_total\\{.*routeId=\"accept-call\"");
            });
            assertThat(scrape()).doesNotContain("+1206555", "+1415555");
            var labels = labels(scrape());
            labels.put(ALARMS, Set.of("alarm"));
            var routes = routes();
            for (String query : queries()) {
                assertThatItsSeriesAreThere(query, labels, routes);
            }
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

    @Test
    void theDashboardCanBeImported() throws IOException {
        var dashboard = RunningSystem.JSON.readTree(DASHBOARD.toFile());
        var panels = StreamSupport.stream(dashboard.path("panels").spliterator(), false).toList();

        assertThat(dashboard.path("schemaVersion").asInt()).isPositive();
        assertThat(dashboard.path("uid").asText()).isNotEmpty();
        assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
        assertThat(panels).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
        assertThat(panels).allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotBlank();
            assertThat(panel.at("/gridPos/x").asInt() + panel.at("/gridPos/w").asInt()).isBetween(1, 24);
            if (!panel.path("type").asText().equals("row")) {
                assertThat(panel.path("targets")).isNotEmpty().allSatisfy(target -> {
                    assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}");
                    assertThat(target.path("expr").asText()).isNotBlank();
                });
            }
        });
    }

    /** Every expression of the alerts and the dashboard. */
    private static List<String> queries() throws IOException {
        var queries = new ArrayList<>(new ObjectMapper(new YAMLFactory()).readTree(ALERTS.toFile()).findValuesAsText("expr"));
        queries.addAll(RunningSystem.JSON.readTree(DASHBOARD.toFile()).findValuesAsText("expr"));
        assertThat(queries).hasSizeGreaterThan(30);
        return queries;
    }

    private static void assertThatItsSeriesAreThere(String query, Map<String, Set<String>> labels, List<String> routes) {
        var known = new TreeSet<>(LABELS_OF_PROMETHEUS);
        SELECTOR.matcher(query).results().forEach(metric -> {
            assertThat(labels).as(query).containsKey(metric.group(1));
            known.addAll(labels.get(metric.group(1)));
            MATCHER.matcher(String.valueOf(metric.group(2))).results().forEach(matcher -> {
                assertThat(labels.get(metric.group(1))).as(query).contains(matcher.group(1));
                if (matcher.group(1).equals("routeId")) {
                    assertThat(routes).as(query).contains(matcher.group(3).split("\\|"));
                }
            });
        });
        GROUPING.matcher(query.startsWith("ALERTS") ? "" : query).results().forEach(
                grouping -> assertThat(known).as(query).contains(grouping.group(1).split(", ")));
    }

    /** Also those that do not run without a CRM. */
    private static List<String> routes() throws IOException {
        var ids = new ArrayList<String>();
        try (var files = Files.newDirectoryStream(Path.of("routes"), "*.camel.yaml")) {
            for (Path file : files) {
                ROUTE_ID.matcher(Files.readString(file)).results().forEach(id -> ids.add(id.group(1)));
            }
        }
        return ids;
    }

    /** The names of the labels of each metric that was scraped. */
    private static Map<String, Set<String>> labels(String scraped) {
        var labels = new HashMap<String, Set<String>>();
        SELECTOR.matcher(scraped.replaceAll("(?m)^#.*", "")).results().forEach(series ->
                MATCHER.matcher(String.valueOf(series.group(2))).results().map(label -> label.group(1)).forEach(
                        labels.computeIfAbsent(series.group(1), name -> new TreeSet<>())::add));
        return labels;
    }

    private static Set<String> named(String text) {
        return OWN_METRIC.matcher(text).results().map(name -> name.group()).collect(Collectors.toSet());
    }

    private static String scrape() {
        return SYSTEM.get(SYSTEM.management() + "/actuator/prometheus", null).body();
    }
}
