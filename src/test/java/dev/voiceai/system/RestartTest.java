package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop, clean or not, in the middle of the work: nothing is lost, nothing is done twice. */
class RestartTest {
    /** What a killed process had leased lapses first. */
    private static final Duration LEASES_LAPSE = Duration.ofSeconds(120);

    @TempDir
    Path folder;

    @Test
    void whatWaitsSurvivesAStop() {
        var requests = new LinkedHashMap<String, String>();
        try (var sqs = new ForeignSqs();
                var abt = new ForeignAbt()) {
            var settings = new HashMap<>(sqs.settings());
            settings.put("ABT_URL", abt.url());
            settings.put("retell.concurrency", "1");
            // The sandbox's own limit changes with the restart; what it said before must not count.
            settings.put("retell.limits-valid", "PT0S");
            abt.acceptOnly(event -> false);
            try (var system = RunningSystem.start(folder, settings)) {
                var calling = system.requestCall("+12065550119");
                await().atMost(RunningSystem.PATIENCE).until(
                        () -> system.call(calling).at("/attempts/0/state").asText().equals("in_progress"));
                requests.put("calling", calling);
                requests.put("held", system.requestCall("+12065550181"));
                system.awaitState(requests.get("held"), "held");
                requests.put("scheduled", system.requestCall(RunningSystem.JSON.createObjectNode()
                        .put("to_number", "+12065550182")
                        .put("not_before", OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(5).toString())));
                sqs.stop();
                requests.put("queued", system.requestCall("+12065550183"));
                requests.forEach((state, id) -> assertThat(system.call(id).get("state").asText()).isEqualTo(state));
            }

            sqs.startAgain();
            abt.acceptOnly(event -> true);
            settings.put("retell.concurrency", "100");
            try (var system = RunningSystem.start(folder, settings)) {
                var calling = system.call(requests.get("calling"));
                assertThat(system.stopCall(calling.at("/attempts/0/call_id").asText()).statusCode()).isEqualTo(204);

                for (String requestId : requests.values()) {
                    var call = system.awaitFinal(requestId);
                    system.awaitEmptyOutbox(requestId);
                    assertThat(system.dials(requestId)).hasSize(1);
                    assertThat(call.get("attempts")).hasSize(1);
                    assertThat(abt.events(requestId)).extracting(event -> event.get("id").asText())
                            .doesNotHaveDuplicates();
                }
                assertThat(abt.eventTypes(requests.get("calling"))).containsExactly("initiated", "started", "failed");
                assertThat(abt.eventTypes(requests.get("held")))
                        .containsExactly("held", "initiated", "started", "completed");
                assertThat(abt.eventTypes(requests.get("scheduled")))
                        .containsExactly("initiated", "started", "completed");
                assertThat(abt.eventTypes(requests.get("queued"))).containsExactly("initiated", "started", "completed");
            }
        }
    }

    @Test
    void aKillInTheMiddleOfCallsLosesNoneAndDialsNoneTwice() throws Exception {
        var settings = Map.of(
                "retell.dial-timeout", "PT5S",
                // What the killed process had received comes back after this.
                "queues.visibility-seconds", "10",
                "api-keys.engage", "engage:killed");
        var requests = new ArrayList<String>();
        try (var process = new SystemProcess(folder, Map.of(), settings).ready()) {
            var api = new KilledApi(process.api());
            for (int i = 0; i < 3; i++) {
                requests.add(api.requestCall("+1206555019" + i));
            }
            await().atMost(RunningSystem.PATIENCE)
                    .until(() -> api.call(requests.get(0)).at("/attempts/0").has("call_id"));
            // Lost answers, slow answers and calls that nobody has looked at yet.
            for (String number : List.of("+12065550106", "+12065550116", "+12065550115", "+12065550100")) {
                requests.add(api.requestCall(number));
            }
        }

        try (var system = RunningSystem.start(folder, settings)) {
            for (String requestId : requests) {
                var call = await().atMost(LEASES_LAPSE).until(() -> system.call(requestId),
                        one -> one.get("final").asBoolean() || one.get("state").asText().equals("unknown"));
                assertThat(call.get("attempts")).hasSize(1);
                switch (system.dials(requestId).size()) {
                    case 0 -> assertAPersonIsAsked(system, call);
                    case 1 -> assertThat(call.get("outcome").asText()).isEqualTo("completed");
                    default -> fail("dialed twice: " + call);
                }
            }
            assertThat(system.call(requests.get(0)).get("state").asText()).isEqualTo("done");
            for (String requestId : requests) {
                var last = system.call(requestId).get("final").asBoolean() ? "completed" : "unknown";
                await().atMost(LEASES_LAPSE).untilAsserted(() -> assertThat(distinctTypes(system.events(requestId)))
                        .isEqualTo(last.equals("completed") ? List.of("initiated", "started", last) : List.of(last)));
            }
        }
    }

    /** Killed between the claim and the dial: whether a phone rang is not known here, so it is never dialed again. */
    private static void assertAPersonIsAsked(RunningSystem system, JsonNode call) {
        assertThat(call.at("/reason/code").asText()).isEqualTo("unknown");
        var requestId = call.get("request_id").asText();
        var tasks = RunningSystem.items(system.get("/api/v1/tasks?request_id=" + requestId, "operator"));
        assertThat(tasks).singleElement()
                .satisfies(task -> assertThat(task.get("state").asText()).isEqualTo("needs_review"));
    }

    /** A repeat has the same id, so that whoever gets one can tell. */
    private static List<String> distinctTypes(List<JsonNode> events) {
        var byId = new LinkedHashMap<String, JsonNode>();
        events.forEach(event -> byId.putIfAbsent(event.get("id").asText(), event));
        return RunningSystem.types(List.copyOf(byId.values()));
    }

    /** The API of the process that is going to be killed. */
    private record KilledApi(HttpClient http, URI uri) {
        KilledApi(URI api) {
            this(HttpClient.newHttpClient(), api.resolve("/api/v1/calls"));
        }

        String requestCall(String number) throws IOException, InterruptedException {
            return send(HttpRequest.newBuilder(uri)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"to_number\":\"" + number + "\"}")))
                    .get("request_id").asText();
        }

        JsonNode call(String requestId) throws IOException, InterruptedException {
            return send(HttpRequest.newBuilder(URI.create(uri + "/" + requestId)).GET());
        }

        private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
            return RunningSystem.JSON.readTree(
                    http.send(request.header("X-API-Key", "killed").build(), BodyHandlers.ofString()).body());
        }
    }
}
