package dev.voiceai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.voiceai.VoiceAiApplication;
import dev.voiceai.cases.TestCommand;
import dev.voiceai.routes.RoutesCopy;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The case under "Test your routes" in README.md, and the route under "Change a route" that it is about. */
class TestedRoutesTest {
    private static final Markdown README = Markdown.read("README.md");

    @TempDir
    Path folder;

    @Test
    void theCaseHoldsForTheRouteThatItIsAbout() throws Exception {
        var routes = RoutesCopy.below(folder);
        String steps = stepsOfCallEnded();
        routes.change("webhook-processor.camel.yaml", steps, steps + README.section("Change a route").code("yaml").get(0));
        Files.writeString(routes.folder().resolve("cases/call-ended.yaml"), README.section("Test your routes").code("yaml").get(0));

        var out = new ByteArrayOutputStream();
        int code = new TestCommand(VoiceAiApplication.class, new PrintStream(out, true, StandardCharsets.UTF_8),
                "--ROUTES_DIR=" + routes.folder(), "--within=PT60S", "call-ended").run();

        assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("ok      cases/call-ended.yaml:2: ", "1 cases, 0 failed");
    }

    private static String stepsOfCallEnded() throws Exception {
        String file = Files.readString(Path.of("routes/webhook-processor.camel.yaml"));
        String route = file.substring(file.indexOf("    id: call-ended\n"));
        return route.substring(0, route.indexOf("\n\n- route:") + 1);
    }
}
