package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.routes.RoutesCopy;
import dev.voiceai.settings.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An integrator saves files of the routes folder while the system runs. */
class RouteReloadTest {
    private static final String DIALING = "dialing.camel.yaml";

    @TempDir
    static Path folder;

    private static RoutesCopy routes;
    private static RunningSystem system;

    @BeforeAll
    static void start() throws IOException {
        routes = RoutesCopy.below(folder);
        var settings = new HashMap<>(new ForeignSqs().settings());
        settings.put("ROUTES_DIR", routes.folder().toString());
        system = RunningSystem.start(settings);
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @AfterEach
    void backToTheShippedRoutes() throws IOException {
        routes.restore();
        var shipped = routes.checksums();
        await().atMost(RunningSystem.PATIENCE).until(() -> running().equals(shipped) && !report().has("refused"));
    }

    @Test
    void aSavedRouteIsLiveAndSoIsATemplateThatItReads() throws IOException {
        routes.change(DIALING, "expression: \"200\"", "expression: \"203\"");
        await().atMost(RunningSystem.PATIENCE).until(() -> system.get("/api/v1/dialing", "operator").statusCode() == 203);

        routes.change("templates/dialing.jq", "lines:", "lanes: 1, lines:");
        await().atMost(RunningSystem.PATIENCE).until(() -> RunningSystem.json(system.get("/api/v1/dialing", "operator")).has("lanes"));

        assertThat(report().get("takes_effect_at_restart")).isEmpty();
        assertThat(file(DIALING).get("state").asText()).isEqualTo("running");
        assertThat(file(DIALING).get("version").asInt()).isGreaterThan(1);
    }

    @Test
    void savedSqlIsReadByTheRoutesThatNameIt() throws IOException {
        Files.writeString(routes.folder().resolve("sql/list-pauses.sql"),
                "SELECT 'all' AS scope, 'operator' AS code, 'made up' AS reason, 'x' AS actor, CURRENT_TIMESTAMP AS paused_at,"
                        + " NULL AS probe_at, 0 AS failed_probes");

        await().atMost(RunningSystem.PATIENCE)
                .until(() -> json("/api/v1/dialing").at("/pauses/0/reason").asText().equals("made up"));
    }

    @Test
    void aRuleOfTheOutcomeTableIsLive() throws IOException {
        routes.change("outcomes.json", "\"dial_busy\", \"analysis\": \"any\", \"outcome\": \"not_reached\"",
                "\"dial_busy\", \"analysis\": \"any\", \"outcome\": \"failed\"");
        await().atMost(RunningSystem.PATIENCE).until(() -> running().equals(routes.checksums()));

        var requestId = system.requestCall("+12065550103");

        assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("failed");
        assertThat(report().get("takes_effect_at_restart")).isEmpty();
    }

    @Test
    void noRequestSuffersWhileRoutesChangeUnderIt() throws Exception {
        var stop = new AtomicBoolean();
        var accepted = new ConcurrentLinkedQueue<String>();
        var answers = new ConcurrentLinkedQueue<Integer>();
        var sender = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                if (accepted.size() < 40) {
                    var answer = system.post("/api/v1/calls", "engage", "{\"to_number\": \"+12065550100\"}");
                    accepted.add(answer.statusCode() == 202 ? RunningSystem.json(answer).get("request_id").asText() : answer.body());
                } else {
                    answers.add(system.get("/api/v1/calls/" + accepted.peek(), "engage").statusCode());
                }
            }
        });

        for (int i = 0; i < 6; i++) {
            for (String file : new String[] {"voice-api.camel.yaml", "ledger.camel.yaml", "call-processor.camel.yaml"}) {
                routes.change(file, "      steps:\n", "      steps:\n        - log:\n            message: change " + i + "\n");
            }
            await().atMost(RunningSystem.PATIENCE).until(() -> running().equals(routes.checksums()));
        }
        stop.set(true);
        sender.get();

        assertThat(answers).isNotEmpty().containsOnly(200);
        for (String requestId : accepted) {
            assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
        }
    }

    @Test
    void aChangedConsumerIsAcceptedAndTakesEffectAtTheNextStart() throws IOException {
        routes.change("outbox.camel.yaml", "period: \"1000\"", "period: \"1500\"");
        await().atMost(RunningSystem.PATIENCE).until(() -> running().equals(routes.checksums()));

        assertThat(report().get("takes_effect_at_restart")).extracting(JsonNode::asText).containsExactly("outbox.camel.yaml");
        assertThat(file("outbox.camel.yaml").get("state").asText()).isEqualTo("restart");
    }

    @Test
    void aConsumerThatIsTakenOutAndPutBackRunsOn() throws IOException {
        Path metrics = routes.folder().resolve("metrics.camel.yaml");
        String content = Files.readString(metrics);
        Files.delete(metrics);
        await().atMost(RunningSystem.PATIENCE).until(() -> running().equals(routes.checksums()));
        assertThat(report().get("takes_effect_at_restart")).extracting(JsonNode::asText).contains("metrics.camel.yaml");

        Files.writeString(metrics, content);
        await().atMost(RunningSystem.PATIENCE).until(() -> running().equals(routes.checksums()));

        assertThat(report().has("refused")).isFalse();
        assertThat(report().get("takes_effect_at_restart")).isEmpty();
    }

    /** A text of one file replaced by another; what is named, and the line that has it. */
    record Mistake(String file, String good, String bad, String named) {
        @Override
        public String toString() {
            return bad.strip().lines().findFirst().orElse("");
        }
    }

    static Stream<Mistake> mistakes() {
        return Stream.of(
                new Mistake(DIALING, "id: show-dialing", "id: \"show-dialing", "is not YAML"),
                new Mistake(DIALING, "- removeVariable:", "- removeVariabel:", "removeVariabel"),
                new Mistake(DIALING, "sql/list-pauses.sql\"\n", "sql/list-pauses.sql\"\n            parameter: 1\n", "parameter"),
                new Mistake(DIALING, "ref: apiKeys", "ref: apiKeyz", "apiKeyz"),
                new Mistake(DIALING, "{{retell.calls-per-second}}", "{{retell.calls-per-minute}}", "retell.calls-per-minute"),
                new Mistake(DIALING, "sql/list-pauses.sql", "sql/list-pauzes.sql", "there is no file sql/list-pauzes.sql"),
                new Mistake(DIALING, "schemas/dialing-pause.json", "schemas/dialing-pauze.json", "schemas/dialing-pauze.json"),
                new Mistake(DIALING, "direct:read-pace", "direct:read-pases", "nothing consumes direct:read-pases"),
                new Mistake(DIALING, "routeConfigurationId: http-errors", "routeConfigurationId: htp-errors", "no route configuration htp-errors"),
                new Mistake(DIALING, "outputType: SelectOne", "outputTypes: SelectOne", "outputTypes"),
                new Mistake(DIALING, "outputType: SelectOne", "outputType: SelectNone", "SelectNone"),
                new Mistake(DIALING, "- to:\n            uri: direct:read-dialing",
                        "- to:\n            id: to-nowhere\n            uri: \"nowhere:read-dialing\"", "nowhere"),
                new Mistake(DIALING, "\"${variable.retellPause} != null\"", "\"${variable.retellPause != null\"", "retellPause"),
                new Mistake(DIALING, "expression: .reason\n", "expression: \".reason | (\"\n", ".reason | ("),
                new Mistake(DIALING, "id: show-dialing\n", "id: show-dialling\n", "direct:show-dialing"),
                new Mistake(DIALING, "uri: direct:show-dialing\n", "uri: direct:show-dialling\n", "direct:show-dial"),
                new Mistake("errors.camel.yaml", "- java.lang.Exception\n          handled", "- java.lang.Exceptional\n          handled", "Exceptional"),
                new Mistake("outbox.camel.yaml", "period: \"1000\"", "perriod: \"1000\"", "perriod"),
                new Mistake("sql/list-pauses.sql", "FROM", "FRUM", "does not understand"),
                new Mistake("sql/delete-pause.sql", "WHERE", "; DELETE FROM request WHERE", "one statement"),
                new Mistake("schemas/dialing-pause.json", "\"type\": \"object\"", "\"type\": \"obiect\"", "is no JSON Schema"),
                new Mistake("outcomes.json", "[", "[,", "is not JSON"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeIsRefusedWithItsPlaceAndTheLastGoodVersionRunsOn(Mistake mistake) throws IOException {
        var before = running();

        routes.change(mistake.file(), mistake.good(), mistake.bad());
        await().atMost(RunningSystem.PATIENCE).until(() -> report().has("refused"));

        var findings = report().at("/refused/findings");
        assertThat(findings).as(findings.toString()).anySatisfy(finding -> {
            assertThat(finding.get("message").asText()).contains(mistake.named());
            if (mistake.file().endsWith(".camel.yaml") && !finding.get("message").asText().contains("is not YAML")) {
                assertThat(finding.get("file").asText()).isEqualTo(mistake.file());
                assertThat(line(finding)).as(finding.toString()).containsAnyOf(
                        mistake.named().replaceAll(".* ", ""), mistake.bad().strip());
            }
        });
        assertThat(running()).isEqualTo(before);
        assertThat(system.get("/api/v1/dialing", "operator").statusCode()).isEqualTo(200);
    }

    private static String line(JsonNode finding) throws IOException {
        return Files.readAllLines(routes.folder().resolve(finding.get("file").asText())).get(finding.get("line").asInt() - 1);
    }

    @Test
    void rollbackWritesTheVersionBeforeBackAndTakesIt() throws IOException {
        var shipped = running();
        routes.change(DIALING, "expression: \"200\"", "expression: \"203\"");
        await().atMost(RunningSystem.PATIENCE).until(() -> system.get("/api/v1/dialing", "operator").statusCode() == 203);

        var answer = system.post("/api/v1/routes/rollback", "operator", "{\"reason\": \"203 is nothing\"}", Map.of("Idempotency-Key", "back-1"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(running()).isEqualTo(shipped).isEqualTo(routes.checksums());
        await().atMost(RunningSystem.PATIENCE).until(() -> system.get("/api/v1/dialing", "operator").statusCode() == 200);
        assertThat(json("/api/v1/audit?action=routes.rolled-back").at("/items/0/detail").asText()).isEqualTo("203 is nothing");
        assertThat(system.post("/api/v1/routes/rollback", "operator", "{\"reason\": \"203 is nothing\"}", Map.of("Idempotency-Key", "back-1"))
                .headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(system.post("/api/v1/routes/rollback", "operator", "{\"version\": 999}").statusCode()).isEqualTo(404);
        assertThat(system.post("/api/v1/routes/rollback", "business", "{}").statusCode()).isEqualTo(403);
        assertThat(system.get("/api/v1/routes", "engage").statusCode()).isEqualTo(403);
    }

    @Test
    void aBrokenFolderIsNotStartedAndEachMistakeIsNamed() throws IOException {
        var broken = RoutesCopy.below(folder.resolve("broken"));
        broken.change(DIALING, "direct:read-pace", "direct:read-pases");

        assertThatThrownBy(() -> RunningSystem.start(Map.of("ROUTES_DIR", broken.folder().toString())).close())
                .rootCause().isInstanceOf(StartFailure.class).hasMessageContaining(DIALING + ":")
                .hasMessageContaining("nothing consumes direct:read-pases");
    }

    private static JsonNode report() {
        return json("/api/v1/routes").at("/items/0");
    }

    private static JsonNode file(String name) {
        for (JsonNode file : report().get("files")) {
            if (file.get("file").asText().equals(name)) {
                return file;
            }
        }
        throw new AssertionError(name);
    }

    private static JsonNode json(String path) {
        var answer = system.get(path, "operator");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningSystem.json(answer);
    }

    private static Map<String, String> running() {
        var files = new HashMap<String, String>();
        report().get("files").forEach(file -> files.put(file.get("file").asText(), file.get("checksum").asText()));
        return files;
    }
}
