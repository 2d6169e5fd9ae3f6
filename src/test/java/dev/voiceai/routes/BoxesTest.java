package dev.voiceai.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.voiceai.settings.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

/** Which routes and operations a value of ROUTES leaves to other processes. */
class BoxesTest {
    private static final Boxes BOXES = Boxes.read(Path.of("routes"));

    @Test
    void everythingRunsHereUnlessBoxesAreNamed() {
        for (String none : List.of("", "  ")) {
            var environment = new MockEnvironment().withProperty("routes.boxes", none);
            assertThat(Boxes.settings(environment)).hasSize(3)
                    .allSatisfy((name, value) -> assertThat(value).isEqualTo(""));
        }
    }

    @Test
    void onlyTheNamedBoxesBeginAnything() {
        var elsewhere = BOXES.select("voice-api, dialing");

        assertThat(elsewhere.consumers())
                .contains("receive-call-request", "receive-call-event", "relay-call-requests", "wake-relays",
                        "post-abt", "run-erasures", "queue-due-requests", "receive-inbound")
                .doesNotContain("probe-retell", "wake-paused-requests", "read-live-limits")
                .as("direct: routes are there for every box").doesNotContain("claim-attempt", "call-gate");
        assertThat(elsewhere.operations())
                .contains("create-task", "list-reports", "list-dead-letters", "erase-person", "list-audit")
                .doesNotContain("accept-call", "stop-call", "show-dialing", "pause-dialing");
    }

    @Test
    void allBoxesByNameAreAll() throws IOException {
        String all;
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            all = String.join(",", files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".camel.yaml"))
                    .map(name -> name.replace(".camel.yaml", "")).toList());
        }

        assertThat(BOXES.select(all)).isEqualTo(new Boxes.Elsewhere(Set.of(), Set.of()));
    }

    @Test
    void aSinkOfActivityEventsBelongsBesideTheOutbox(@TempDir Path folder) throws IOException {
        var routes = RoutesCopy.below(folder);
        routes.addExamples();
        var boxes = Boxes.read(routes.folder());

        assertThatThrownBy(() -> boxes.select("outbox,abt,crm,warehouse,abt-sink-sqs")).isInstanceOf(StartFailure.class)
                .hasMessageContaining("abt-sink-eventbridge");
        assertThat(boxes.select("outbox,abt,crm,warehouse,abt-sink-sqs,abt-sink-eventbridge").consumers())
                .doesNotContain("relay-abt-analytics", "relay-abt-workflows").contains("receive-call-event");
        assertThat(boxes.select("voice-api").consumers()).contains("relay-abt-analytics", "relay-abt-workflows");
    }

    @Test
    void aNameThatIsNoBoxIsRefusedWithThoseThatThereAre() {
        assertThatThrownBy(() -> BOXES.select("voice-api,call-procesor"))
                .isInstanceOfSatisfying(StartFailure.class, failure ->
                        assertThat(failure.action()).contains("call-processor", "voice-api", "webhook-processor"))
                .hasMessageContaining("call-procesor").hasMessageNotContaining("voice-api");
    }

    @Test
    void workIsNotHandedOverToABoxThatDoesNotRun() {
        assertThatThrownBy(() -> BOXES.select("voice-api,outbox"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("names outbox,").hasMessageContaining("abt, crm");

        assertThat(BOXES.select("outbox,abt,crm").consumers()).doesNotContain("relay-abt", "post-abt", "relay-crm");
    }

    @Test
    void aComputedNameMayLeadToAnyRouteThatFits(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("shop.camel.yaml"), """
                - route:
                    id: take-orders
                    from:
                      uri: timer:take-orders
                      steps:
                        - toD:
                            uri: "direct:order-${variable.kind}"
                """);
        Files.writeString(folder.resolve("gifts.camel.yaml"), """
                - route:
                    id: order-gift
                    from:
                      uri: direct:order-gift
                      steps:
                        - to:
                            uri: seda:wrap-gift
                """);
        Files.writeString(folder.resolve("parcels.camel.yaml"), """
                - route:
                    id: wrap-gift
                    note: "Never sends to seda:take-orders."
                    from:
                      uri: seda:wrap-gift?size=3
                      steps:
                        - log:
                            message: "wrapped for direct:order-gift"
                """);
        var boxes = Boxes.read(folder);

        assertThatThrownBy(() -> boxes.select("shop"))
                .isInstanceOf(StartFailure.class).hasMessageContaining("name: parcels.");
        assertThat(boxes.select("parcels").consumers()).containsExactly("take-orders");
        assertThat(boxes.select("gifts,shop,parcels").consumers()).isEmpty();
    }

    @Test
    void aFileThatIsNotYamlStopsTheStart(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("shop.camel.yaml"), "- route:\n    id: \"open\n");

        assertThatThrownBy(() -> Boxes.read(folder))
                .isInstanceOf(StartFailure.class).hasMessageContaining("line");
    }
}
