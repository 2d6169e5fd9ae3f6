package dev.voiceai.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NodeList;

/** What README.md says is what the repository does. */
class ReadmeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Markdown README = Markdown.read("README.md");
    private static final Path MAIN = Path.of("src/main/java");
    private static final Pattern SETTING = Pattern.compile("\\s*[\\w.-]+: \\$\\{([A-Z0-9_]+):(.*)}(?:\\s+# (.+))?");

    @Test
    void theSettingsAreThoseOfApplicationYaml() throws IOException {
        String table = Files.readAllLines(Path.of("application.yaml")).stream()
                .map(SETTING::matcher).filter(Matcher::matches)
                .map(setting -> {
                    String otherVariable = setting.group(2).replaceFirst("^\\$\\{([A-Z0-9_]+):}$", "$1");
                    return "| `" + setting.group(1) + "` | " + (otherVariable.isEmpty() ? "–" : "`" + otherVariable + "`")
                            + " | " + String.valueOf(setting.group(3)).replace("<", "\\<") + " |\n";
                })
                .collect(Collectors.joining("", "| Variable | Default | Why |\n|---|---|---|\n", ""));

        assertThat(README.section("Settings").tables()).isEqualTo(table).doesNotContain("| null |");
    }

    @Test
    void theOperationsAreThoseOfTheContract() throws IOException {
        var table = new StringBuilder("| Request | Operation and route id | Keys | What |\n|---|---|---|---|\n");
        JsonNode contract = YAML.readTree(Path.of("routes/openapi.yaml").toFile());
        contract.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(operation -> operation.getValue().has("operationId"))
                .forEach(operation -> table.append("| `").append(operation.getKey().toUpperCase())
                        .append(" /api/v1").append(path.getKey()).append("` | `")
                        .append(operation.getValue().path("operationId").asText()).append("` | ")
                        .append(StreamSupport.stream(operation.getValue().path("x-roles").spliterator(), false)
                                .map(JsonNode::asText).collect(Collectors.joining(", ")))
                        .append(" | ").append(operation.getValue().path("summary").asText()).append(" |\n")));

        assertThat(README.section("API").tables()).startsWith(table);
    }

    @Test
    void theTestNumbersAreThoseOfTheSandbox() {
        // ScriptTest compares that page with the code.
        assertThat(README.section("Test numbers").tables())
                .isEqualTo(Markdown.read("docs/retell-sandbox.md").section("Test numbers").tables());
    }

    @Test
    void theEventsAreThoseThatTheRoutesSend() throws IOException {
        Pattern type = Pattern.compile("voice_ai\\.call\\.[a-z_]+");
        var sent = new TreeSet<String>();
        for (Path file : files("routes", "routes/{*.camel.yaml,outcomes.json}")) {
            type.matcher(Files.readString(file)).results().forEach(found -> sent.add(found.group()));
        }

        assertThat(README.section("Activity events").rows().stream().map(row -> row.get(0).replace("`", "")))
                .containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void theStatesAndOutcomesAreThoseOfTheContract() throws IOException {
        JsonNode schemas = YAML.readTree(Path.of("routes/openapi.yaml").toFile()).path("components").path("schemas");
        Stream<JsonNode> values = Stream.of("CallState", "Outcome", "AttemptState")
                .flatMap(name -> StreamSupport.stream(schemas.path(name).path("enum").spliterator(), false));

        assertThat(README.section("States and outcomes").spans()).containsAll(values.map(JsonNode::asText).toList());
    }

    @Test
    void everyArrowOfTheSeedHasItsFileItsRouteAndItsTest() throws IOException {
        List<List<String>> arrows = README.section("Where the seed's arrows are").rows();
        assertThat(arrows).hasSizeGreaterThan(10);
        for (List<String> arrow : arrows) {
            Path file = Path.of("routes", code(arrow.get(2)));
            List<String> routes = Stream.of(YAML.readTree(file.toFile())).flatMap(JsonNode::valueStream)
                    .map(element -> element.path("route").path("id").asText()).toList();
            assertThat(routes).as("routes of %s", file).containsAll(Markdown.codes(arrow.get(3)));
            for (String test : Markdown.codes(arrow.get(4))) {
                assertThat(files(".", "./{src,lambda-forwarder/src}/test/java/**/" + test + ".java"))
                        .as("test class %s", test).hasSize(1);
            }
        }
        assertThat(arrows.toString()).contains("internal_api.py", "call_processor.py", "webhook_processor.py",
                "business_api.py");
    }

    @Test
    void everyJavaPackageIsListedWithItsUse() throws IOException {
        List<String> packages = new ArrayList<>();
        for (Path source : List.of(MAIN, Path.of("lambda-forwarder/src/main/java"))) {
            try (Stream<Path> folders = Files.walk(source)) {
                folders.filter(folder -> hasJava(folder))
                        .forEach(folder -> packages.add(source.relativize(folder).toString().replace('/', '.')));
            }
        }

        assertListedWithUse("Java packages", packages);
    }

    @ParameterizedTest
    @ValueSource(strings = {"src", "lambda-forwarder"})
    void everyDependencyIsListedWithItsUse(String module) throws Exception {
        var pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(Path.of(module, "pom.xml").toFile());
        var artifacts = (NodeList) XPathFactory.newInstance().newXPath()
                .evaluate("/project/dependencies/dependency/artifactId", pom, XPathConstants.NODESET);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < artifacts.getLength(); i++) {
            names.add(artifacts.item(i).getTextContent());
        }

        assertListedWithUse("Maven dependencies of " + module, names);
    }

    /** The last cell reads {@code `text` in `file`}: the file has that text. */
    private static void assertListedWithUse(String section, List<String> names) throws IOException {
        List<List<String>> rows = README.section(section).rows();
        assertThat(rows.stream().map(row -> code(row.get(0)))).containsExactlyInAnyOrderElementsOf(names);
        for (List<String> row : rows) {
            List<String> seen = Markdown.codes(row.get(2));
            assertThat(seen).as("where %s is seen", row.get(0)).hasSize(2);
            assertThat(Path.of(seen.get(1))).as("where %s is seen", row.get(0)).content(UTF_8).contains(seen.get(0));
        }
    }

    @Test
    void everyBodyOfACurlIsOneThatItsOperationAccepts() throws IOException {
        Pattern curl = Pattern.compile("curl [^\\n]*?/api/v1/(\\S+?)['\"]?\\s[^\\n]*?-d '(\\{.*?})'");
        String page = String.join("\n", README.code("sh")).replaceAll("\\\\\\n\\s*", "")
                .replace("'\"$(date +%F)\"'", "2026-11-22");
        List<String> checked = curl.matcher(page).results().map(request -> {
            String schema = switch (request.group(1)) {
                case "calls" -> "call.json";
                case "calls/search" -> "number.json";
                default -> request.group(1).replaceFirst("^tasks/", "task-") + ".json";
            };
            return schema + violations(schema, request.group(2));
        }).toList();

        assertThat(checked).hasSize((int) page.lines().filter(line -> line.contains(" -d ")).count())
                .contains("call.json[]").allMatch(result -> result.endsWith("[]"));
    }

    private static String violations(String schema, String body) {
        try {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                    .getSchema(Files.readString(Path.of("routes/schemas", schema)))
                    .validate(JSON.readTree(body)).toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "k8s/README.md", "docs/architecture.md",
            "docs/privacy.md", "docs/retell-sandbox.md", "docs/warehouse.md"})
    void everyLinkInsideTheRepositoryLeadsSomewhere(String file) {
        Markdown page = Markdown.read(file);
        for (String link : page.links()) {
            if (!link.startsWith("http")) {
                String[] parts = link.split("#", 2);
                Path target = parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]).normalize();
                assertThat(target).as("%s in %s", link, file).exists();
                if (parts.length == 2) {
                    assertThat(Markdown.read(target.toString()).anchors()).as("%s in %s", link, file)
                            .contains(parts[1]);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/architecture.md"})
    void everyFileAndRouteThatIsNamedExists(String file) throws IOException {
        Pattern path = Pattern.compile("(?:routes|src|docs|k8s|bench|\\.ci|lambda-forwarder)/[\\w./*-]+");
        var directs = Pattern.compile("uri: \"?(direct:[\\w-]+)").matcher(String.join("\n", routeTexts())).results()
                .map(found -> found.group(1)).collect(Collectors.toSet());
        for (String span : Markdown.read(file).spans()) {
            if (path.matcher(span).matches() && !span.contains("/target/")) {
                assertThat(files(".", "./" + span.replaceFirst("/$", ""))).as("%s in %s", span, file).isNotEmpty();
            } else if (span.matches("[\\w-]+\\.camel\\.yaml")) {
                assertThat(Path.of("routes", span)).as("%s in %s", span, file).exists();
            } else if (span.matches("direct:[\\w-]+")) {
                assertThat(directs).as("%s in %s", span, file).contains(span);
            }
        }
    }

    private static List<String> routeTexts() throws IOException {
        List<String> texts = new ArrayList<>();
        for (Path file : files("routes", "routes/*.camel.yaml")) {
            texts.add(Files.readString(file));
        }
        return texts;
    }

    private static List<Path> files(String folder, String glob) throws IOException {
        var matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(matcher::matches).toList();
        }
    }

    private static boolean hasJava(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        } catch (IOException e) {
            return false;
        }
    }

    private static String code(String cell) {
        return Markdown.codes(cell).get(0);
    }
}
