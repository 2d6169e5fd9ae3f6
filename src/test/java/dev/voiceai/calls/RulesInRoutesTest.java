package dev.voiceai.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.voiceai.http.Problem;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules as a route calls them: bodies are text, what is not known is null, and a decision is read by its names. */
class RulesInRoutesTest {

    private final OffsetDateTime now = OffsetDateTime.parse("2026-11-22T12:00:00Z");
    private CamelContext camel;

    @BeforeEach
    void start() throws Exception {
        var numbers = new PhoneNumbers();
        var pairs = new AgentPairs(List.of(), "agent_0", "+14155550100", numbers);
        camel = new DefaultCamelContext();
        camel.getRegistry().bind("callRules", new CallRules(numbers, pairs, () -> now));
        camel.getRegistry().bind("agentPairs", pairs);
        var windows = new CallingWindows(numbers, "08:00-20:00", Map.of(), Map.of());
        camel.getRegistry().bind("taskRules", new TaskRules(numbers, windows, () -> now));
        camel.getRegistry().bind("callingWindows", windows);
        camel.getRegistry().bind("retryPolicy", new RetryPolicy(windows,
                Map.of("dial_busy", new RetryPolicy.Setting("3", "PT1M,PT5M", "false"))));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:call").to("bean:callRules?method=check");
                from("direct:task")
                        .setVariable("task", jq("."))
                        .setVariable("number", constant("+12065550100"))
                        .setVariable("callback", method("taskRules",
                                "plan(${variable.task}, ${variable.known}, ${variable.number})"))
                        .setBody(simple("${variable.callback.at} ${variable.callback.localTime}"))
                        .setVariable("moved", simple("${variable.callback.movedFrom}"));
                from("direct:agent")
                        .setVariable("standing", method("agentPairs",
                                "find(${body}, ${variable.number}, ${variable.purpose})"))
                        .setBody(simple("${variable.standing.listed} ${variable.standing.purposeAllowed}"
                                + " ${variable.standing.disclosesAi} ${variable.standing.recording}"));
                from("direct:gate")
                        .setVariable("now", constant(now))
                        .setVariable("window", method("callingWindows",
                                "decide(${body}, ${variable.timezone}, ${variable.now})"))
                        .setBody(simple("${variable.window.open} ${variable.window.code}"))
                        .setVariable("until", simple("${variable.window.until}"));
                from("direct:policy")
                        .setVariable("now", constant(now))
                        .setVariable("earlier", constant(Map.of("attempts", 2L)))
                        .setVariable("number", constant("+12065550100"))
                        .setVariable("plan", method("retryPolicy", "plan(${body}, ${variable.earlier[attempts]},"
                                + " ${variable.now}, ${variable.retryAfter}, ${variable.number}, ${variable.timezone})"))
                        .setBody(simple("${variable.plan.again} ${variable.plan.row}"))
                        .setVariable("at", simple("${variable.plan.at}"));
            }
        });
        camel.start();
    }

    @AfterEach
    void stop() throws Exception {
        camel.close();
    }

    @Test
    void checkACallAndLeaveItAsItIs() {
        assertThat(send("direct:call", "{\"to_number\": \"+12065550100\"}").getMessage().getBody())
                .isEqualTo("{\"to_number\": \"+12065550100\"}");
        assertThat(send("direct:call", "{\"to_number\": \"+1206\"}").getException()).isInstanceOf(Problem.class);
    }

    @Test
    void readTheTimeOfATask() {
        var open = send("direct:task", "{\"not_before\": \"2026-11-23T09:00\"}");
        assertThat(open.getMessage().getBody()).isEqualTo("2026-11-23T17:00Z Monday, November 23 at 9:00 AM");
        assertThat(open.getVariable("moved")).isNull();
        var closed = send("direct:task", "{\"not_before\": \"2026-11-23T21:00\"}");
        assertThat(closed.getMessage().getBody()).isEqualTo("2026-11-24T16:00Z Tuesday, November 24 at 8:00 AM");
        assertThat(closed.getVariable("moved")).isEqualTo(OffsetDateTime.parse("2026-11-24T05:00:00Z"));
    }

    @Test
    void lookUpAPairOfAgentAndNumber() {
        var listed = camel.createFluentProducerTemplate().to("direct:agent").withBody("agent_0")
                .withVariable("number", "+14155550100").send();
        assertThat(listed.getMessage().getBody(String.class)).isEqualTo("true true unstated unstated");
        assertThat(send("direct:agent", "agent_0").getMessage().getBody(String.class)).isEqualTo("false false unstated unstated");
    }

    @Test
    void decideOnACallingWindow() {
        var closed = send("direct:gate", "+12065550100");
        assertThat(closed.getMessage().getBody(String.class)).isEqualTo("false outside_calling_window");
        assertThat(closed.getVariable("until")).isEqualTo(OffsetDateTime.parse("2026-11-22T16:00:00Z"));
        var unknown = send("direct:gate", "+88213000000");
        assertThat(unknown.getMessage().getBody(String.class)).isEqualTo("false no_time_zone");
        assertThat(unknown.getVariable("until")).isNull();
    }

    @Test
    void planTheNextAttempt() {
        var busy = send("direct:policy", "dial_busy");
        assertThat(busy.getMessage().getBody(String.class)).isEqualTo("true dial_busy");
        assertThat(busy.getVariable("at")).isEqualTo(now.plusMinutes(5));
        var ended = send("direct:policy", "user_hangup");
        assertThat(ended.getMessage().getBody(String.class)).startsWith("false");
        assertThat(ended.getVariable("at")).isNull();
    }

    private Exchange send(String uri, String body) {
        return camel.createFluentProducerTemplate().to(uri).withBody(body).send();
    }
}
