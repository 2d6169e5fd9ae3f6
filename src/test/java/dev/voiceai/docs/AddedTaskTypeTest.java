package dev.voiceai.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.voiceai.system.RunningSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** An integrator adds the task type of the README to a system that runs, whose calling windows are closed at night. */
class AddedTaskTypeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Markdown STEPS = Markdown.read("README.md").section("Add a task type");
    private static final String ROUTE = "set-disposition.camel.yaml";
    private static final String SCHEMA = "schemas/task-set-disposition.json";
    private static final ZoneId SEATTLE = ZoneId.of("America/Los_Angeles");

    @TempDir
    static Path folder;

    private static Path routes;
    private static SQSRestServer sqs;
    private static RunningSystem system;

    @BeforeAll
    static void startWithoutTheType() throws IOException {
        routes = folder.resolve("routes");
        FileSystemUtils.copyRecursively(Path.of("routes"), routes);
        Files.delete(routes.resolve(ROUTE));
        Files.delete(routes.resolve(SCHEMA));
        sqs = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
        system = RunningSystem.start(Map.of(
                "ROUTES_DIR", routes.toString(),
                "sqs.endpoint", "http://127.0.0.1:" + sqs.waitUntilStarted().localAddress().getPort(),
                "calling.windows", "08:00-20:00"));
    }

    @AfterAll
    static void stop() {
        system.close();
        sqs.stopAndWait();
    }

    @Test
    void aRouteAndASchemaAreATypeWithoutARestart() throws IOException {
        var call = waitingCall();
        var body = "{\"request_id\": \"" + call + "\", \"disposition\": \"interested\"}";
        assertThat(system.post("/api/v1/tasks/set-disposition", "business", body).statusCode()).isEqualTo(404);

        Files.writeString(routes.resolve(ROUTE), STEPS.code("yaml").get(0));
        Files.writeString(routes.resolve(SCHEMA), STEPS.code("json").get(0));
        var answer = await().atMost(RunningSystem.PATIENCE).ignoreExceptions().until(
                () -> system.post("/api/v1/tasks/set-disposition", "business", body), made -> made.statusCode() == 201);

        var task = JSON.readTree(answer.body());
        assertThat(task.get("state").asText()).isEqualTo("done");
        assertThat(task.get("fields")).isEqualTo(JSON.readTree("{\"disposition\": \"interested\"}"));
        assertThat(task.get("request_id").asText()).isEqualTo(call);
        assertThat(system.post("/api/v1/tasks/set-disposition", "business", body.replace("interested", "")).statusCode()).isEqualTo(422);
        assertThat(system.call(call).at("/timeline").findValuesAsText("detail")).contains("set-disposition");
        // The rest goes on as before.
        assertThat(system.post("/api/v1/tasks/field-writeback", "business",
                "{\"request_id\": \"" + call + "\", \"fields\": {\"a\": 1}}").statusCode()).isEqualTo(201);
    }

    @Test
    void theStepsAreTheFilesThatTheSystemComesWith() throws IOException {
        assertThat(STEPS.code("yaml").get(0)).isEqualTo(Files.readString(Path.of("routes", ROUTE)));
        assertThat(STEPS.code("json").get(0)).isEqualTo(Files.readString(Path.of("routes", SCHEMA)));
    }

    @Test
    void aTimeAtNightMovesToTheMorningAndTheAnswerSaysSo() throws IOException {
        var night = ZonedDateTime.now(SEATTLE).plusDays(3).withHour(3).withMinute(30).truncatedTo(ChronoUnit.MINUTES);
        var morning = night.withHour(8).withMinute(0);

        var result = reschedule(night.toLocalDateTime().toString());

        assertThat(Instant.parse(result.get("not_before").asText())).isEqualTo(morning.toInstant());
        assertThat(Instant.parse(result.get("moved_from").asText())).isEqualTo(night.toInstant());
        assertThat(result.get("local_time").asText()).endsWith(" at 8:00 AM");
        assertThat(result.get("note").asText()).contains("outside the calling window");
        var created = system.call(result.get("request_id").asText());
        assertThat(created.get("state").asText()).isEqualTo("scheduled");
        assertThat(Instant.parse(created.get("not_before").asText())).isEqualTo(morning.toInstant());
    }

    @Test
    void aTimeInTheDayStaysAndNothingIsSaid() throws IOException {
        var noon = ZonedDateTime.now(SEATTLE).plusDays(3).withHour(12).withMinute(0).truncatedTo(ChronoUnit.MINUTES);

        var result = reschedule(noon.toLocalDateTime().toString());

        assertThat(Instant.parse(result.get("not_before").asText())).isEqualTo(noon.toInstant());
        assertThat(result.has("moved_from")).isFalse();
        assertThat(result.has("note")).isFalse();
    }

    private static JsonNode reschedule(String localTime) throws IOException {
        var answer = system.post("/api/v1/tasks/reschedule-call", "business",
                "{\"request_id\": \"" + waitingCall() + "\", \"not_before\": \"" + localTime + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body()).get("result");
    }

    private static String waitingCall() {
        return system.requestCall(JSON.createObjectNode().put("to_number", "+12065550100")
                .put("not_before", Instant.now().plus(1, ChronoUnit.DAYS).toString()));
    }
}
