package dev.voiceai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;

/** The lines under "Change a route" in README.md, put where it says. */
class ChangedRouteSnippetTest extends CamelTestSupport {
    private static final String STEPS = Markdown.read("README.md").section("Change a route").code("yaml").get(0);

    @Override
    protected RouteBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() throws Exception {
                from("direct:move-call-attempt").to("mock:ledger");
                from("direct:send-abt").to("mock:abt");
                PluginHelper.getRoutesLoader(getContext())
                        .loadRoutes(ResourceHelper.fromString("changed.camel.yaml", callEnded() + STEPS));
            }
        };
    }

    private static String callEnded() throws Exception {
        return Arrays.stream(Files.readString(Path.of("routes/webhook-processor.camel.yaml")).split("(?m)^(?=- route:)"))
                .filter(route -> route.contains("id: call-ended\n")).findFirst().orElseThrow().stripTrailing() + "\n";
    }

    @Test
    void callEndedAlsoSendsAnActivityEvent() throws Exception {
        MockEndpoint abt = getMockEndpoint("mock:abt");
        abt.expectedMessageCount(1);
        getMockEndpoint("mock:ledger").expectedMessageCount(1);

        template.send("direct:call-ended", exchange -> { });

        MockEndpoint.assertIsSatisfied(context);
        assertThat(abt.getExchanges().get(0).getVariables())
                .containsEntry("abtType", "voice_ai.call.ended").containsEntry("abtName", "Call ended");
    }

    @Test
    void theWholeSystemIsTriedWithTheSameSteps() throws Exception {
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        try (var tried = getClass().getResourceAsStream("/dev/voiceai/system/call-ended-sends-an-event.yaml")) {
            assertThat(yaml.readTree(STEPS)).isEqualTo(yaml.readTree(tried));
        }
    }
}
