package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** An integrator changes an arrow in a copy of the routes, without touching Java. */
class ChangedRouteTest {
    private static final String CALL_ENDED = "    id: call-ended\n";
    private static final String NEXT_ROUTE = "\n- route:\n";

    @TempDir
    Path folder;

    @Test
    void callEndedSendsAnEventOfItsOwn() throws IOException {
        var routes = folder.resolve("routes");
        FileSystemUtils.copyRecursively(Path.of("routes"), routes);
        appendToCallEnded(routes.resolve("webhook-processor.camel.yaml"));

        try (var retell = new ForeignRetell();
                var system = start(routes, retell)) {
            var requestId = system.requestCall("+12065550100");
            await().atMost(RunningSystem.PATIENCE).until(() -> retell.hasPlaced(requestId));
            for (String event : ForeignRetell.EVENTS) {
                system.postAsRetell("/webhooks/retell", retell.webhook(event, requestId));
                // SQS may let one overtake another; here the order is the test's.
                await().atMost(RunningSystem.PATIENCE)
                        .until(() -> system.call(requestId).get("timeline").findValuesAsText("state").contains(event));
            }
            system.awaitFinal(requestId);
            system.awaitEmptyOutbox(requestId);

            assertThat(system.eventTypes(requestId)).containsExactly("initiated", "started", "ended", "completed");
            assertThat(system.events(requestId).get(2).at("/data/event_name").asText()).isEqualTo("Call ended");
            assertThat(system.warehouse().sql("SELECT event_name FROM activity WHERE type = 'voice_ai.call.ended'")
                    .query(String.class).list()).containsExactly("Call ended");
        }
    }

    private static RunningSystem start(Path routes, ForeignRetell retell) {
        var settings = new HashMap<>(retell.settings());
        settings.put("ROUTES_DIR", routes.toString());
        return RunningSystem.start(settings);
    }

    /** Adds the steps at the end of the route, as the README says. */
    private static void appendToCallEnded(Path file) throws IOException {
        String yaml = Files.readString(file);
        int route = yaml.indexOf(CALL_ENDED);
        int end = yaml.indexOf(NEXT_ROUTE, route) + 1;
        Files.writeString(file, yaml.substring(0, end).stripTrailing() + "\n" + steps() + yaml.substring(end - 1));
    }

    private static String steps() throws IOException {
        try (var steps = ChangedRouteTest.class.getResourceAsStream("call-ended-sends-an-event.yaml")) {
            return new String(steps.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
