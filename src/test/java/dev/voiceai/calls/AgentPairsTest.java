package dev.voiceai.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.voiceai.calls.AgentPairs.Standing;
import dev.voiceai.settings.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

/** The setting {@code agents}, as application.yaml and a command line have it. */
class AgentPairsTest {

    private static final String TWO_ROWS = """
            agents:
              - {agent_id: agent_1, from_number: "+14155550101", purposes: [reminder, survey], discloses_ai: true, recording: announced}
              - {agent_id: agent_1, from_number: "+14155550102", discloses_ai: false, recording: none}
            """;

    @Test
    void aRowSaysWhatItsPairMayBeUsedFor() {
        var pairs = pairs(TWO_ROWS);

        assertThat(pairs.find("agent_1", "+14155550101", "survey")).isEqualTo(new Standing(true, true, "true", "announced"));
        assertThat(pairs.find("agent_1", "+14155550101", "sales")).isEqualTo(new Standing(true, false, "true", "announced"));
        assertThat(pairs.find("agent_1", "+14155550101", null)).isEqualTo(new Standing(true, false, "true", "announced"));
        assertThat(pairs.find("agent_1", "+14155550102", null)).isEqualTo(new Standing(true, true, "false", "none"));
    }

    @Test
    void aPairIsListedAsAWhole() {
        var pairs = pairs(TWO_ROWS);

        assertThat(pairs.find("agent_1", "+14155550100", null)).isEqualTo(new Standing(false, false, "unstated", "unstated"));
        assertThat(pairs.find("agent_0", "+14155550101", "survey").listed()).isFalse();
        assertThat(pairs.find(null, null, null).listed()).isFalse();
    }

    @Test
    void theDefaultPairIsListedForAnyPurpose() {
        assertThat(pairs("agents: []").find("agent_0", "+14155550100", "anything")).isEqualTo(new Standing(true, true, "unstated", "unstated"));
    }

    @Test
    void aRowOfItsOwnGoesBeforeTheDefault() {
        var pairs = pairs("""
                agents:
                  - {agent_id: agent_0, from_number: "+14155550100", purposes: [survey], discloses_ai: false, recording: consented}
                """);

        assertThat(pairs.find("agent_0", "+14155550100", "sales")).isEqualTo(new Standing(true, false, "false", "consented"));
        assertThat(pairs.findOrDefault(null, null, "survey")).isEqualTo(new Standing(true, true, "false", "consented"));
    }

    @Test
    void rowsOfACommandLineReplaceThoseOfTheFile() {
        var environment = environment(TWO_ROWS);
        environment.getPropertySources().addFirst(new MapPropertySource("command line", Map.of(
                "agents[0].agent_id", "agent_9", "agents[0].from_number", "+14155550109",
                "agents[0].discloses_ai", "true", "agents[0].recording", "none")));

        var pairs = AgentPairs.of(environment, new PhoneNumbers());

        assertThat(pairs.find("agent_9", "+14155550109", null).listed()).isTrue();
        assertThat(pairs.find("agent_1", "+14155550101", "survey").listed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "from_number: '+14155550100', discloses_ai: true, recording: none                                  | agents[0].agent_id must have",
        "agent_id: a, discloses_ai: true, recording: none                                                  | agents[0].from_number must be",
        "agent_id: a, from_number: '4155550100', discloses_ai: true, recording: none                       | agents[0].from_number must be",
        "agent_id: a, from_number: '+1415', discloses_ai: true, recording: none                            | agents[0].from_number must be",
        "agent_id: a, from_number: '+14155550100', recording: none                                         | agents[0].discloses_ai must say",
        "agent_id: a, from_number: '+14155550100', discloses_ai: perhaps, recording: none                  | agents[0].discloses-ai has a value",
        "agent_id: a, from_number: '+14155550100', discloses_ai: true                                      | agents[0].recording must be",
        "agent_id: a, from_number: '+14155550100', discloses_ai: true, recording: always                   | agents[0].recording must be",
        "agent_id: a, from_number: '+14155550100', discloses_ai: true, recording: none, purposes: [a, ' '] | agents[0].purposes must have",
        "agent_id: a, from_number: '+14155550100', discloses_ai: true, recording: none, purpose: a         | agents[0].purpose is not a field",
    })
    void aRowThatIsWrongStopsTheStartAndIsNamed(String row, String what) {
        assertThat(failure("agents: [{" + row.replace('\'', '"') + "}]").getMessage()).contains(what);
    }

    @Test
    void aPairStandsThereOnce() {
        var row = "{agent_id: a, from_number: \"+14155550100\", discloses_ai: true, recording: none}";

        assertThat(failure("agents: [" + row + ", " + row + "]").getMessage())
                .contains("agents[1] has the same agent_id and from_number as an earlier row");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceAndNoNumberIsRepeated() {
        var failure = failure("agents: [{agent_id: a, from_number: \"4155550100\"}, {recording: none}]");

        assertThat(failure.getMessage().lines()).hasSize(7);
        assertThat(failure.getMessage()).doesNotContain("4155550100");
        assertThat(failure.action()).contains("application.yaml");
    }

    private static StartFailure failure(String yaml) {
        StartFailure failure = catchThrowableOfType(StartFailure.class, () -> pairs(yaml));
        assertThat(failure).as("a start failure").isNotNull();
        return failure;
    }

    private static AgentPairs pairs(String yaml) {
        return AgentPairs.of(environment(yaml), new PhoneNumbers());
    }

    private static StandardEnvironment environment(String yaml) {
        var environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("defaults", Map.of(
                "retell.agent-id", "agent_0", "retell.from-number", "+14155550100")));
        try {
            new YamlPropertySourceLoader()
                    .load("application.yaml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
                    .forEach(environment.getPropertySources()::addLast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return environment;
    }
}
