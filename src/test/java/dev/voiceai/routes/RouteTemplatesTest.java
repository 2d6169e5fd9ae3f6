package dev.voiceai.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.routes.RouteFiles.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteTemplatesTest {

    private static final String TEMPLATE = """
            - routeTemplate:
                id: greet
                parameters:
                  - name: name
                  - name: greeting
                    defaultValue: "Hello {{name}}"
                  - name: level
                    required: false
                route:
                  description: "caller -> caller: greets."
                  routeConfigurationId: queue-errors
                  from:
                    uri: "direct:{{routeId}}"
                    steps:
                      - log:
                          message: "{{greeting}}, {{setting}}"
                          loggingLevel: "{{?level}}"
                      - to:
                          uri: "direct:{{name}}"
                      - to:
                          uri: direct:nobody
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void writeTemplate() throws IOException {
        Files.writeString(folder.resolve("templates.camel.yaml"), TEMPLATE);
    }

    @Test
    void anInstanceIsARouteOfItsOwnFile() throws IOException {
        write("instance", "name", "Ann");

        Route route = RouteFiles.read(folder).routes().get(0);

        assertThat(route.id()).isEqualTo("greet-ann");
        assertThat(route.box()).isEqualTo("instance");
        assertThat(route.endpoint()).isEqualTo("direct:greet-ann");
        assertThat(log(route)).hasToString("{\"message\":\"Hello Ann, {{setting}}\"}");
    }

    @Test
    void anOptionalParameterThatIsGivenStandsInItsField() throws IOException {
        write("instance", "name", "Ann", "level", "WARN", "greeting", "Hi");

        assertThat(log(RouteFiles.read(folder).routes().get(0))).hasToString(
                "{\"message\":\"Hi, {{setting}}\",\"loggingLevel\":\"WARN\"}");
    }

    @Test
    void aTemplateInALaterFileIsFound() throws IOException {
        write("a-first", "name", "Ann");

        assertThat(RouteFiles.read(folder).routes()).hasSize(1);
    }

    @Test
    void whatIsWrongWithAnInstanceIsNamedAtItsLine() throws IOException {
        write("instance", "nam", "Ann");

        assertThat(RouteFiles.read(folder).templateFindings()).extracting(Finding::toString).containsExactly(
                "instance.camel.yaml:5: template greet has no parameter nam, only name, greeting, level",
                "instance.camel.yaml:1: template greet needs the parameter name");
    }

    @Test
    void anUnknownTemplateIsNamed() throws IOException {
        write("instance", "name", "Ann");
        Path file = folder.resolve("instance.camel.yaml");
        Files.writeString(file, Files.readString(file).replace("routeTemplateRef: greet", "routeTemplateRef: great"));

        assertThat(RouteFiles.read(folder).templateFindings()).extracting(Finding::toString)
                .containsExactly("instance.camel.yaml:2: there is no route template great");
    }

    @Test
    void aParameterWhoseDefaultIsADurationTakesNothingElse() throws IOException {
        Path file = folder.resolve("templates.camel.yaml");
        Files.writeString(file, TEMPLATE.replace("defaultValue: \"Hello {{name}}\"", "defaultValue: PT1H"));
        write("instance", "name", "Ann", "greeting", "1 hour");

        assertThat(RouteFiles.read(folder).templateFindings()).extracting(Finding::toString)
                .containsExactly("instance.camel.yaml:8: greeting is no duration such as PT1H");
    }

    @Test
    void aTemplateAndARouteOfItInOneFileRunFromTheStart() throws Exception {
        Path file = folder.resolve("own.camel.yaml");
        Files.writeString(file, """
                - routeTemplate:
                    id: shout
                    parameters:
                      - name: word
                    route:
                      from:
                        uri: "direct:{{routeId}}"
                        steps:
                          - setBody:
                              expression:
                                constant:
                                  expression: "{{word}}!"
                - templatedRoute:
                    routeTemplateRef: shout
                    routeId: shout-yes
                    parameters:
                      - name: word
                        value: "yes"
                """);
        try (var camel = new DefaultCamelContext()) {
            var loader = new TemplatedRoutesLoader(folder);
            loader.setCamelContext(camel);
            loader.start();
            camel.getRegistry().bind("loader", loader);
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.resolveResource(camel, "file:" + file));
            camel.start();

            assertThat(camel.createProducerTemplate().requestBody("direct:shout-yes", "", String.class)).isEqualTo("yes!");
        }
    }

    @Test
    void aFaultIsNamedWhereItIsWrittenInTheTemplateOrInTheParameter() throws IOException {
        write("instance", "greeting", "Hi", "name", "ann");

        assertThat(RouteRule.TARGETS.findings(RouteFiles.read(folder))).extracting(Finding::toString).containsExactly(
                "instance.camel.yaml:8: nothing consumes direct:ann (template greet)",
                "templates.camel.yaml:21: nothing consumes direct:nobody");
    }

    /** @param parameters names and values in turn */
    private void write(String file, String... parameters) throws IOException {
        var text = new StringBuilder("""
                - templatedRoute:
                    routeTemplateRef: greet
                    routeId: greet-ann
                    parameters:
                """);
        for (int i = 0; i < parameters.length; i += 2) {
            text.append("      - name: ").append(parameters[i]).append("\n        value: ").append(parameters[i + 1]).append('\n');
        }
        Files.writeString(folder.resolve(file + ".camel.yaml"), text);
    }

    private static JsonNode log(Route route) {
        return route.place().node().at("/from/steps/0/log");
    }
}
