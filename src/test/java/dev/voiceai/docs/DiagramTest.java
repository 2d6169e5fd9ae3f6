package dev.voiceai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.voiceai.routes.RouteMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** docs/architecture.md draws and lists the routes as they are. */
class DiagramTest {
    private static final Path PAGE = Path.of("docs/architecture.md");
    private static final String RENEWED_BY = "mvn -pl src -am test -Dtest=DiagramTest -Ddocs.write=true"
            + " -Dsurefire.failIfNoSpecifiedTests=false";
    /** A box, a queue, a database or another system. */
    private static final Pattern NODE = Pattern.compile("(\\w+)(?:\\[\"([^\"]+)\"]:::box|\\[/\"([^\"]+)\"/]"
            + "|\\[\\(\"([^\"]+)\"\\)]|\\(\\[\"([^\"]+)\"]\\))");
    private static final Pattern EDGE = Pattern.compile("(\\w+) -->(?:\\|\"[^\"|]+\"\\|)? (\\w+)");

    @Test
    void thePageIsUpToDate() throws IOException {
        String page = Files.readString(PAGE);
        String renewed = page(Path.of("routes")).renew(page);
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, renewed);
        } else {
            assertThat(firstDifference(page, renewed))
                    .as("%s is older than the routes. Renew it with: %s", PAGE, RENEWED_BY).isEmpty();
        }
    }

    @Test
    void thePageNamesTheCommandThatRenewsIt() {
        assertThat(Markdown.read(PAGE.toString()).code("sh")).contains(RENEWED_BY + "\n");
    }

    @Test
    void everyDiagramIsOneThatMermaidReads() throws IOException {
        List<String> charts = flowcharts(page(Path.of("routes")).renew(Files.readString(PAGE)));

        assertThat(charts).hasSize(2).allSatisfy(chart -> {
            List<String> lines = chart.lines().map(String::strip).toList();
            assertThat(lines.get(0)).isEqualTo("flowchart LR");
            List<String> nodes = matches(NODE, lines).map(node -> node.group(1)).toList();
            List<Matcher> edges = matches(EDGE, lines).toList();
            assertThat(nodes).hasSizeGreaterThan(10).doesNotHaveDuplicates();
            assertThat(edges).hasSizeGreaterThan(20)
                    .allSatisfy(edge -> assertThat(nodes).contains(edge.group(1), edge.group(2)));
            assertThat(lines).as("nothing but nodes and edges").hasSize(2 + nodes.size() + edges.size());
        });
    }

    /** What nobody may miss: the arrows of the seed. */
    @Test
    void theFlowHasTheArrowsOfTheSeed() throws IOException {
        assertThat(drawn(Path.of("routes"))).contains(
                "Engage -> voice-api", "voice-api -> ledger", "ledger -> outbox", "outbox -> SQS #1 call-requests",
                "SQS #1 call-requests -> call-processor", "call-processor -> Retell", "call-processor -> abt",
                "Retell -> Lambda forwarder", "Retell -> webhook-gateway", "webhook-gateway -> Lambda forwarder",
                "Lambda forwarder -> SQS #2 call-events", "SQS #2 call-events -> webhook-processor",
                "webhook-processor -> abt", "webhook-processor -> ledger", "abt -> outbox", "outbox -> abt",
                "abt -> ABT collector", "business user -> business-api", "business-api -> ledger",
                "outbox -> warehouse", "warehouse -> warehouse");
    }

    @Test
    void aNewSinkIsDrawnFromItsRouteAloneAndMakesThePageStale(@TempDir Path folder) throws IOException {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder);
        Files.writeString(folder.resolve("alarms.camel.yaml"), """
                - route:
                    id: deliver-alarms
                    description: "outbox -> alarm service: tells who is on duty."
                    routeConfigurationId: relay-errors
                    from:
                      uri: direct:deliver-alarms
                      steps:
                        - to:
                            id: to-alarm-service
                            uri: "{{alarms.url}}/v1/alarms"
                """);
        String page = Files.readString(PAGE);

        assertThat(drawn(folder)).contains("outbox -> alarms", "alarms -> alarm service")
                .containsAll(drawn(Path.of("routes")));
        assertThat(firstDifference(page(Path.of("routes")).renew(page), page(folder).renew(page))).isNotEmpty();
    }

    @Test
    void theSeedsProgramsAreFoundByTheNotesOfTheRoutesThatTakeTheirPlace() {
        assertThat(RouteMap.read(Path.of("routes")).seed().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, program -> program.getValue().box()))).isEqualTo(Map.of(
                "internal_api.py", "voice-api", "call_processor.py", "call-processor",
                "webhook_processor.py", "webhook-processor", "business_api.py", "business-api"));
    }

    private static RoutesPage page(Path folder) {
        List<List<String>> events = Markdown.read("README.md").section("Activity events").rows();
        Map<String, String> triggers = new LinkedHashMap<>();
        events.forEach(event -> triggers.put(Markdown.codes(event.get(0)).get(0), event.get(1)));
        return new RoutesPage(RouteMap.read(folder), triggers);
    }

    /** The arrows of the first diagram by the names of their ends. */
    private static TreeSet<String> drawn(Path folder) throws IOException {
        String chart = flowcharts(page(folder).renew(Files.readString(PAGE))).get(0);
        List<String> lines = chart.lines().map(String::strip).toList();
        Map<String, String> names = matches(NODE, lines).collect(Collectors.toMap(node -> node.group(1),
                node -> IntStream.rangeClosed(2, node.groupCount()).mapToObj(node::group)
                        .filter(name -> name != null).findFirst().orElseThrow().replaceFirst("<br/>.*", "")));
        return matches(EDGE, lines).map(edge -> names.get(edge.group(1)) + " -> " + names.get(edge.group(2)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> flowcharts(String page) {
        return new Markdown(PAGE, page).code("mermaid").stream()
                .filter(chart -> chart.startsWith("flowchart")).toList();
    }

    private static Stream<Matcher> matches(Pattern pattern, List<String> lines) {
        return lines.stream().map(pattern::matcher).filter(Matcher::matches);
    }

    /** The first line of the page that is not as it should be, with what it should be; empty where there is none. */
    private static String firstDifference(String page, String renewed) {
        List<String> is = page.lines().toList();
        List<String> should = renewed.lines().toList();
        return IntStream.range(0, Math.max(is.size(), should.size()))
                .filter(line -> !at(is, line).equals(at(should, line)))
                .mapToObj(line -> "line " + (line + 1) + "\n  is:        " + at(is, line)
                        + "\n  should be: " + at(should, line))
                .findFirst().orElse("");
    }

    private static String at(List<String> lines, int line) {
        return line < lines.size() ? lines.get(line) : "";
    }
}
