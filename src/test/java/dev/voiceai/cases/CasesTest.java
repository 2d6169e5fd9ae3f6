package dev.voiceai.cases;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.voiceai.VoiceAiApplication;
import dev.voiceai.routes.RoutesCopy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar voice-ai.jar test}, on the shipped folder and on changed copies of it. */
class CasesTest {

    @TempDir
    Path work;

    private record Run(int exitCode, List<String> lines) {

        String text() {
            return String.join("\n", lines);
        }
    }

    private static Run test(Path routes, String... arguments) throws IOException {
        var out = new ByteArrayOutputStream();
        var all = new ArrayList<>(List.of("--ROUTES_DIR=" + routes, "--within=PT60S"));
        all.addAll(List.of(arguments));
        int code = new TestCommand(VoiceAiApplication.class, new PrintStream(out, true, StandardCharsets.UTF_8),
                all.toArray(String[]::new)).run();
        return new Run(code, out.toString(StandardCharsets.UTF_8).lines().toList());
    }

    @Test
    void everyShippedRouteHasACaseAndEveryCaseHolds() throws Exception {
        Path report = work.resolve("report.xml");

        var run = test(Path.of("routes"), "--require-all-routes", "--report=" + report);

        assertThat(run.exitCode()).as(run.text()).isZero();
        assertThat(run.lines()).filteredOn(line -> !line.startsWith("ok ")).singleElement().asString()
                .matches(".*: \\d+ cases, 0 failed, 0 routes without a case");
        var suites = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile()).getDocumentElement();
        assertThat(suites.getElementsByTagName("testcase").getLength()).isEqualTo(run.lines().size() - 1);
        assertThat(suites.getElementsByTagName("failure").getLength()).isZero();
    }

    /** A folder whose cases are one's own; the settings of the shipped ones stay. */
    private RoutesCopy withoutCases() throws IOException {
        var routes = RoutesCopy.below(work);
        try (var files = Files.list(routes.folder().resolve("cases"))) {
            for (Path file : files.filter(file -> !file.endsWith("settings.yaml")).toList()) {
                Files.delete(file);
            }
        }
        return routes;
    }

    private static void write(RoutesCopy routes, String file, String content) throws IOException {
        Files.writeString(routes.folder().resolve("cases").resolve(file), content);
    }

    @Test
    void nothingOutsideIsAskedThoughTheEnvironmentNamesIt() throws IOException {
        var routes = withoutCases();
        Files.delete(routes.folder().resolve("cases/settings.yaml"));
        String sink = "abt-sink-eventbridge.camel.yaml";
        Files.copy(routes.folder().resolve("examples").resolve(sink), routes.folder().resolve(sink));
        write(routes, "sink.yaml", """
                cases:
                  - name: An event reaches the bus of the stand-in
                    steps:
                      - place: {}
                      - call: {state: done, outcome: completed}
                      - got: eventbridge
                        are: [{Entries: [{DetailType: voice_ai.call.initiated, EventBusName: activity-events}]}, {}, {}]
                """);
        var environment = List.of("ELIGIBILITY_URL", "AWS_ENDPOINT_URL_EVENTBRIDGE", "OTEL_EXPORTER_OTLP_ENDPOINT");
        try (var real = new StandIn()) {
            environment.forEach(name -> System.setProperty(name, real.url() + "/" + name));

            var run = test(routes.folder());

            assertThat(run.exitCode()).as(run.text()).isZero();
            assertThat(environment).allSatisfy(name -> assertThat(real.got(name, JsonNodeFactory.instance.objectNode())).isEmpty());
        } finally {
            environment.forEach(System::clearProperty);
        }
    }

    @Test
    void aCaseThatDoesNotHoldIsToldWithItsPlaceAndWhatWasThere() throws IOException {
        var routes = withoutCases();
        Path report = work.resolve("report.xml");
        write(routes, "mine.yaml", """
                cases:
                  - name: A call for tomorrow waits
                    steps:
                      - place: {not_before: "${now+P1D}"}
                      - call: {state: scheduled}
                  - name: A call for tomorrow is dialed at once
                    steps:
                      - place: {not_before: "${now+P1D}"}
                      - call: {state: calling}
                        within: PT1S
                """);

        var run = test(routes.folder(), "--report=" + report);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lines()).anyMatch(line -> line.matches("ok +cases/mine\\.yaml:2: A call for tomorrow waits .*"))
                .anyMatch(line -> line.matches("FAILED +cases/mine\\.yaml:9: A call for tomorrow is dialed at once .*"))
                .anyMatch(line -> line.contains("\"state\", expected: <\"calling\"> but was: <\"scheduled\">"))
                .contains("warning no case runs dialing.camel.yaml: pause-dialing");
        assertThat(run.lines().get(run.lines().size() - 1)).contains("2 cases, 1 failed, ");
        assertThat(report).content().contains("failures=\"1\"", "cases/mine.yaml:9");
    }

    @Test
    void whatIsNoCaseIsToldWithItsLineBeforeAnythingStarts() throws IOException {
        var routes = withoutCases();
        write(routes, "a.yaml", "cases:\n  - name: n\n    steps:\n      - plaze: {}\n");
        write(routes, "b.yaml", "cases:\n  - name: n\n    steps:\n      - place: {}\n        wihtin: PT1S\n      - rows: ledger\n");
        write(routes, "c.yaml", "cases:\n  - name: \"n\n");
        write(routes, "d.yaml", "cases: []\n");

        var run = test(routes.folder());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lines()).as(run.text())
                .anyMatch(line -> line.matches("error +cases/a\\.yaml:4: must have one of place, get, .*"))
                .anyMatch(line -> line.matches("error +cases/b\\.yaml:[45]: .*'wihtin'.*"))
                .anyMatch(line -> line.matches("error +cases/b\\.yaml:6: .*'sql'.*"))
                .anyMatch(line -> line.matches("error +cases/c\\.yaml:\\d: is not YAML.*"))
                .anyMatch(line -> line.matches("error +cases/d\\.yaml:1: .*"))
                .allMatch(line -> line.startsWith("error "));
    }

    @Test
    void aFolderThatCanNotRunIsToldAsValidateTellsIt() throws IOException {
        var routes = withoutCases();
        write(routes, "mine.yaml", "cases:\n  - name: n\n    steps:\n      - place: {}\n");
        routes.change("dialing.camel.yaml", "direct:read-pace", "direct:read-pases");

        var run = test(routes.folder());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lines()).as(run.text())
                .anyMatch(line -> line.matches("error +dialing\\.camel\\.yaml:\\d+: nothing consumes direct:read-pases"));
    }

    @Test
    void aNameThatNoCaseHasIsAnError() throws IOException {
        var run = test(Path.of("routes"), "no such case");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lines()).singleElement().asString().endsWith("there are no such cases");
    }

    @Test
    void theReferenceNamesEveryStepAndEveryField() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(CaseFile.class.getResourceAsStream("case-file.json"));
        var names = new ArrayList<String>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        schema.at("/$defs/step/not/not/anyOf").forEach(step -> {
            String name = step.at("/required/0").asText();
            names.add(name);
            schema.path("$defs").path(name).path("properties").fieldNames().forEachRemaining(names::add);
        });

        String reference = Files.readString(Path.of("docs/cases.md"));
        assertThat(names).hasSizeGreaterThan(40).allSatisfy(name -> assertThat(reference).matches("(?s).*`" + name + "\\b.*"));
    }
}
