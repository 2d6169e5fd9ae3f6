package dev.voiceai.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.voiceai.VoiceAiApplication;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** {@code java -jar voice-ai.jar validate}, on copies of the shipped folder. */
class ValidateCommandTest {

    @TempDir
    Path folder;

    private RoutesCopy routes;

    @BeforeEach
    void copyRoutes() throws IOException {
        routes = RoutesCopy.below(folder);
    }

    private record Result(int exitCode, List<String> lines) {}

    private Result validate(String... settings) throws IOException {
        var out = new ByteArrayOutputStream();
        var all = new ArrayList<>(List.of("--ROUTES_DIR=" + routes.folder()));
        all.addAll(List.of(settings));
        int code = new ValidateCommand(VoiceAiApplication.class, new PrintStream(out, true, StandardCharsets.UTF_8),
                all.toArray(String[]::new)).run();
        return new Result(code, out.toString(StandardCharsets.UTF_8).lines().toList());
    }

    @Test
    void theShippedFolderHasNeitherErrorsNorWarnings() throws IOException {
        var result = validate();

        assertThat(result.lines()).containsExactly(routes.folder() + ": 0 errors, 0 warnings");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void theExamplesHaveNeitherErrorsNorWarnings() throws IOException {
        routes.addExamples();

        assertThat(validate().lines()).containsExactly(routes.folder() + ": 0 errors, 0 warnings");
    }

    @Test
    void everyMistakeIsListedInOneRun() throws IOException {
        routes.change("dialing.camel.yaml", "ref: apiKeys", "ref: apiKeyz");
        routes.change("dialing.camel.yaml", "direct:read-pace", "direct:read-pases");
        routes.change("outbox.camel.yaml", "period: \"1000\"", "perriod: \"1000\"");
        routes.change("errors.camel.yaml", "- org.springframework.dao.ConcurrencyFailureException", "- org.example.Exceptional");
        routes.change("reports.camel.yaml", "description: \"", "description: \"Says ");
        routes.change("sql/warehouse-merge-tasks.sql", "MERGE INTO", "MERGER INTO");
        routes.change("openapi.yaml", "operationId: list-routes", "operationId: list-rutes");

        var result = validate();

        assertThat(result.lines()).as(String.join("\n", result.lines()))
                .anyMatch(line -> line.matches("error   dialing\\.camel\\.yaml:\\d+: .*apiKeyz.*"))
                .anyMatch(line -> line.matches("error   dialing\\.camel\\.yaml:\\d+: nothing consumes direct:read-pases"))
                .anyMatch(line -> line.matches("error   outbox\\.camel\\.yaml:\\d+: .*perriod.*"))
                .anyMatch(line -> line.matches("error   errors\\.camel\\.yaml:\\d+: .*org\\.example\\.Exceptional.*"))
                .anyMatch(line -> line.startsWith("error   sql/warehouse-merge-tasks.sql:"))
                .anyMatch(line -> line.matches("error   openapi\\.yaml:\\d+: no route consumes direct:list-rutes"));
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void aViewThatSnowflakeWouldNotTakeIsNamed() throws IOException {
        routes.change("sql/warehouse/views.sql", "CREATE OR REPLACE VIEW", "CREATE OR REPLACE VUE");

        assertThat(validate().lines()).anyMatch(line -> line.startsWith("error   sql/warehouse/views.sql:"));
    }

    @Test
    void aFileThatIsNotYamlIsNamedWithItsLine() throws IOException {
        routes.change("dialing.camel.yaml", "id: pause-dialing", "id: \"pause-dialing");

        assertThat(validate().lines()).anyMatch(line -> line.matches("error   dialing\\.camel\\.yaml:\\d+: is not YAML: .*"));
    }

    @Test
    void aSettingThatKeepsTheSystemFromStartingIsAnError() throws IOException {
        var result = validate("--CALLING_WINDOWS=25:00-26:00");

        assertThat(result.lines()).anyMatch(line -> line.startsWith("error   application.yaml:1: the settings keep the system from starting"));
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void noFolderIsAnError() throws IOException {
        FileSystemUtils.deleteRecursively(routes.folder());

        assertThat(validate().lines()).singleElement().asString().contains("there is no such folder");
    }
}
